//! The script for bash: names of profiles, files that are quoted, and the command line after `exec --`.

use super::ASK;

/// After `-p` comes a name, not a file.
pub fn finished(text: &str) -> String {
    let file = "COMPREPLY=($(compgen -f \"${cur}\"))";
    let name = format!("COMPREPLY=($(compgen -W \"$({ASK})\" -- \"${{cur}}\"))");
    // clap_complete leaves the hidden word out of every script but this one.
    let text = text.replace(" elvish profiles\"", " elvish\"");
    // It spells the hyphen of our name in two ways, so that no command finds its options:
    // https://github.com/clap-rs/clap/issues/6421
    let text = text.replace("gads__subcmd__creds", "gads__creds").replace("_gads__creds() {", "_gads__creds_whole() {");
    let text = text.replace(CUR_OF_VERSION, "    cur=\"$2\"\n");
    let mut option = "";
    let mut out = BASH_FILES.to_owned();
    for line in text.lines() {
        let word = line.trim();
        if word.starts_with('-') && word.ends_with(')') {
            option = word;
        }
        if word == file {
            let is_profile = matches!(option, "--profile)" | "-p)");
            out.push_str(&line.replace(file, if is_profile { &name } else { "_gads__creds_files \"${cur}\"" }));
        } else {
            out.push_str(&ordered(line).unwrap_or_else(|| line.to_owned()));
        }
        out.push('\n');
        // The end of the only function.
        if line == "}" {
            out.push_str(BASH_WHOLE);
        }
        if word == "prev=\"$3\"" {
            out.push_str(BASH_COMMAND);
        }
    }
    out
}

/// How clap_complete gets the word; the function below has done that already.
const CUR_OF_VERSION: &str = "    if [[ \"${BASH_VERSINFO[0]}\" -ge 4 ]]; then
        cur=\"$2\"
    else
        cur=\"${COMP_WORDS[COMP_CWORD]}\"
    fi
";

/// Names of files, which bash quotes and takes for directories where they are; a name may have a blank or `$(…)` in it. Before
/// version 4, and for a word that is quoted already, bash completes files without our words.
const BASH_FILES: &str = "\
_gads__creds_files() {
    [[ \"${BASH_VERSINFO[0]}\" -ge 4 ]] || return 0
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- \"$1\")
}

";

/// Bash ends a word at `:` and `=`, and before `@`, and replaces only what follows: completes the whole word, and leaves out
/// what comes before. What bash itself offers in place of nothing is about the part: here that is files of the whole name,
/// and directories.
const BASH_WHOLE: &str = "
_gads__creds() {
    local cur=\"$2\" prev=\"$3\" head=\"\" line=\"${COMP_LINE:0:COMP_POINT}\"
    local word=\"${line##*[[:space:]]}\"
    [[ \"${BASH_VERSINFO[0]}\" -ge 4 ]] || cur=\"${COMP_WORDS[COMP_CWORD]}\"
    line=\"${line%\"${word}\"}\"
    line=\"${line%\"${line##*[![:space:]]}\"}\"
    [[ \"${prev}\" != \"=\" ]] || prev=\"${COMP_WORDS[COMP_CWORD-2]}\"
    if [[ \"${word}\" == --*=* ]]; then
        line=\"${word%%=*}\"
        word=\"${word#*=}\"
        prev=\"${line}\"
    fi
    [[ \"${word}\" != *\"${cur}\" ]] || head=\"${word%\"${cur}\"}\"
    case \"${head: -1}${cur:0:1}\" in
        [:=@]* | [!\\\"\\']@) ;;
        *) head=\"\" ;;
    esac
    [[ -z \"${head}\" ]] || prev=\"${line##*[[:space:]]}\"
    _gads__creds_whole \"$1\" \"${head}${cur}\" \"${prev}\"
    [[ \"${#COMPREPLY[@]}\" -ne 1 || \"${COMPREPLY[0]}\" != *: ]] || compopt -o nospace 2>/dev/null
    [[ -n \"${head}\" ]] || return 0
    compopt +o bashdefault +o default 2>/dev/null
    [[ \"${#COMPREPLY[@]}\" -gt 0 ]] || _gads__creds_files \"${head}${cur}\"
    if [[ \"${#COMPREPLY[@]}\" -eq 1 && -d \"${COMPREPLY[0]}\" ]]; then
        COMPREPLY[0]+=/
        compopt -o nospace 2>/dev/null
    fi
    COMPREPLY=(\"${COMPREPLY[@]#\"${head}\"}\")
}
";

/// With the bash-completion package the other command completes its own arguments; without it, commands and files.
const BASH_COMMAND: &str = "    \
    local at
    for ((at = 2; at < COMP_CWORD; at++)); do
        [[ \"${COMP_WORDS[at]}\" == \"--\" ]] || continue
        if declare -F _comp_command_offset >/dev/null; then
            head=\"\"
            _comp_command_offset $((at + 1))
        elif declare -F _command_offset >/dev/null; then
            head=\"\"
            _command_offset $((at + 1))
        elif ((at + 1 == COMP_CWORD)); then
            COMPREPLY=($(compgen -c -- \"${cur}\"))
        else
            _gads__creds_files \"${cur}\"
        fi
        return 0
    done
";

/// Returns a line `opts="…"` in order of importance: commands and values, the command's own options, the shared
/// options, and last the short ones, which repeat long ones.
fn ordered(line: &str) -> Option<String> {
    const COMMON: [&str; 7] = ["--profile", "--config", "--format", "--json", "--no-input", "--quiet", "--verbose"];
    let (start, words) = line.strip_suffix('"')?.split_once("opts=\"")?;
    let rank = |word: &&str| match *word {
        word if !word.starts_with('-') => 0,
        word if COMMON.contains(&word) => 2,
        "--help" | "--version" => 3,
        word if word.starts_with("--") => 1,
        _ => 4,
    };
    let mut words: Vec<&str> = words.split_whitespace().collect();
    words.sort_by_key(rank);
    Some(format!("{start}opts=\"{}\"", words.join(" ")))
}
