//! No file of `src` uses, directly or through others, a file that uses it. A module and the files below it count as one
//! side: those use each other's names by design.

use std::collections::{BTreeMap, BTreeSet};

use super::source::without_text;
use super::tidy::read;

/// The path of a module: `["profile", "file", "write"]`.
type Module = Vec<String>;

#[test]
fn no_files_use_each_other_in_a_circle() {
    let files = modules();
    assert!(files.len() > 100, "src has only {} files", files.len());
    assert_eq!(circles(&files), [""; 0]);
}

#[test]
fn a_circle_is_found() {
    let code = |text: &str| text.to_owned();
    let mut files = BTreeMap::new();
    files.insert(module("a"), code("mod b;\nmod c;\nuse b::X;"));
    files.insert(module("a::b"), code("use super::{Y, c::{self, Z}};"));
    files.insert(module("a::c"), code("fn f() { crate::d::g() }"));
    files.insert(module("d"), code("use crate::e;"));
    assert_eq!(circles(&files), [""; 0]);
    files.insert(module("d"), code("use crate::{e, a::b::X};"));
    assert_eq!(circles(&files), ["a::b, a::c, d"]);
}

fn module(path: &str) -> Module {
    path.split("::").map(str::to_owned).collect()
}

/// Returns the text of every module.
fn modules() -> BTreeMap<Module, String> {
    let mut modules: BTreeMap<Module, String> = BTreeMap::new();
    for source in read("src") {
        let path = source.path.with_extension("");
        let mut module: Module = path.iter().skip(1).map(|name| name.to_string_lossy().into_owned()).collect();
        module.pop_if(|name| ["mod", "lib", "main"].contains(&name.as_str()));
        *modules.entry(module).or_default() += &without_text(&source.text);
    }
    modules
}

/// Returns each group of files that all reach one another.
fn circles(files: &BTreeMap<Module, String>) -> Vec<String> {
    let uses: BTreeMap<&Module, BTreeSet<&Module>> =
        files.iter().map(|(module, code)| (module, used(module, code, files))).collect();
    let reached = |from: &Module| {
        let mut reached = BTreeSet::new();
        let mut next: Vec<&Module> = uses.get(from).into_iter().flatten().copied().collect();
        while let Some(module) = next.pop() {
            if reached.insert(module) {
                next.extend(&uses[module]);
            }
        }
        reached
    };
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = files.keys().map(|module| (module, reached(module))).collect();
    let circle = |module: &Module| -> Vec<String> {
        let mutual = reached[module].iter().filter(|other| reached[*other].contains(module));
        mutual.map(|module| module.join("::")).collect()
    };
    let circles: BTreeSet<String> = files.keys().map(|module| circle(module).join(", ")).collect();
    circles.into_iter().filter(|circle| !circle.is_empty()).collect()
}

/// Returns the files that the code names, other than those above and below its own.
fn used<'f>(own: &Module, code: &str, files: &'f BTreeMap<Module, String>) -> BTreeSet<&'f Module> {
    let file = |name: &Module| {
        let known = (1..=name.len()).rev().find_map(|length| files.get_key_value(&name[..length]));
        known.map(|(module, _)| module)
    };
    let is_other = |module: &&Module| !module.starts_with(own) && !own.starts_with(module);
    names(code).into_iter().filter_map(|name| file(&full(own, &name)?)).filter(is_other).collect()
}

/// Returns the name from the crate's root; `None` for what is not ours.
fn full(own: &Module, name: &[String]) -> Option<Module> {
    let supers = name.iter().take_while(|word| *word == "super").count();
    let above = match name.first().map(String::as_str) {
        Some("crate") => return Some(name[1..].to_vec()),
        Some("super") => &own[..own.len().checked_sub(supers)?],
        Some("self") => &own[..],
        _ => return None,
    };
    let skipped = supers.max(1);
    Some([above, &name[skipped..]].concat())
}

/// Returns the names that begin with `crate`, `super` or `self`; each name of a `{…}` on its own.
fn names(code: &str) -> Vec<Vec<String>> {
    let mut names = Vec::new();
    for root in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if !before.is_some_and(|char| char.is_alphanumeric() || matches!(char, '_' | '$' | ':')) {
                tree(&mut code[at..].chars().peekable(), &[], &mut names);
            }
        }
    }
    names
}

/// Parses one path of a `use`, or a path in an expression.
fn tree(code: &mut std::iter::Peekable<std::str::Chars>, above: &[String], names: &mut Vec<Vec<String>>) {
    let mut path = above.to_vec();
    loop {
        while code.next_if(|char| char.is_whitespace()).is_some() {}
        if code.next_if_eq(&'{').is_some() {
            loop {
                tree(code, &path, names);
                // What is left of it: ` as name`.
                while code.next_if(|char| !matches!(char, ',' | '}')).is_some() {}
                if code.next() != Some(',') {
                    return;
                }
            }
        }
        let mut word = String::new();
        while let Some(char) = code.next_if(|char| char.is_alphanumeric() || *char == '_') {
            word.push(char);
        }
        if word.is_empty() {
            break;
        }
        if word != "self" || path.is_empty() {
            path.push(word);
        }
        if !(code.next_if_eq(&':').is_some() && code.next_if_eq(&':').is_some()) {
            break;
        }
    }
    names.push(path);
}
