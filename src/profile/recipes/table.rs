//! The table of recipes: one entry per engine, with a few argument lists each.
//!
//! The options are those of the vendors' manuals. The tests run pass, sops, age, OpenBao and AWS; `vault` with OpenBao's
//! program in its place; gcloud and az where they are installed. The arguments of `op` are only compared with its manual.

use crate::profile::recipes::place::Kind;

/// The command after which `set` works where it did not, to paste. It overwrites nothing that is there.
pub enum FirstUse {
    /// What `set` needs.
    BeforeSet(&'static str),
    /// What `get` needs too, and what `set` needs where `get` works.
    Mount { missing: &'static str, first_version: &'static str },
    /// What frees the name of an entry that was erased.
    AfterErase(&'static str),
}

/// The seconds for a program that takes some to start, and asks a server far away.
const SLOW: Option<u8> = Some(60);

pub struct Recipe {
    pub name: &'static str,
    /// The form of WHERE, for messages.
    pub place: &'static str,
    pub kind: Kind,
    pub get: &'static [&'static str],
    pub set: &'static [&'static str],
    pub erase: &'static [&'static str],
    pub version: &'static [&'static str],
    /// Each shows that nothing is saved.
    pub absent: &'static [&'static str],
    /// Seconds, where the usual ten may be too few.
    pub timeout: Option<u8>,
    pub first_use: FirstUse,
    /// The next step after a failure with that text on stderr.
    pub steps: &'static [(&'static str, &'static str)],
}

/// OpenBao and Vault: one command line.
const BAO: Recipe = Recipe {
    name: "bao",
    place: "MOUNT/PATH",
    kind: Kind::InPlace,
    get: &["{engine}", "kv", "get", "-mount={first}", "-format=json", "-field=data", "{rest}"],
    set: &["{engine}", "kv", "put", "-mount={first}", "{rest}", "-"],
    erase: &["{engine}", "kv", "metadata", "delete", "-mount={first}", "{rest}"],
    version: &["{engine}", "version"],
    // The second for an entry whose latest version was deleted.
    absent: &["No value found at", "No data found at"],
    timeout: None,
    first_use: FirstUse::Mount {
        missing: "{engine} secrets enable -path={first} -version=2 kv",
        first_version: "{engine} kv enable-versioning {first}",
    },
    steps: &[],
};

const REMOVE_FILE: &[&str] = &["rm", "-f", "--", "{file}"];

pub const RECIPES: &[Recipe] = &[
    Recipe {
        name: "pass",
        place: "PATH",
        kind: Kind::Path,
        get: &["pass", "show", "{path}"],
        set: &["pass", "insert", "-m", "-f", "{path}"],
        erase: &["pass", "rm", "-f", "{path}"],
        version: &["pass", "version"],
        absent: &["is not in the password store"],
        timeout: None,
        first_use: FirstUse::BeforeSet("pass init GPG-ID"),
        steps: &[],
    },
    BAO,
    Recipe { name: "vault", ..BAO },
    Recipe {
        name: "sops",
        place: "FILE",
        kind: Kind::File,
        get: &["sops", "decrypt", "--input-type", "json", "--output-type", "json", "{file}"],
        set: &[
            "sops",
            "{config}",
            "encrypt",
            "--filename-override",
            "{file}",
            "--input-type",
            "json",
            "--output-type",
            "json",
            "--output",
            "{file}",
            "/dev/stdin",
        ],
        erase: REMOVE_FILE,
        version: &["sops", "--version", "--disable-version-check"],
        absent: &["cannot operate on non-existent file \"{file}\""],
        timeout: None,
        first_use: FirstUse::BeforeSet(
            "mkdir -p {directory}; test -e {directory}/.sops.yaml || \
             echo 'creation_rules: [{age: AGE-RECIPIENT}]' > {directory}/.sops.yaml",
        ),
        steps: &[(
            "Failed to get the data key",
            "name the file with your identity, as in `export SOPS_AGE_KEY_FILE=~/.config/age/keys.txt`; for a key of GPG or a \
             cloud, unlock it or sign in",
        )],
    },
    Recipe {
        name: "age",
        place: "FILE",
        kind: Kind::File,
        get: &["age", "--decrypt", "--identity", "{identity}", "{file}"],
        set: &["age", "--encrypt", "--identity", "{identity}", "--output", "{file}"],
        erase: REMOVE_FILE,
        version: &["age", "--version"],
        absent: &["open {file}: no such file or directory"],
        timeout: None,
        first_use: FirstUse::BeforeSet(
            "mkdir -p {directory} {identities}; test -e {identity} || age-keygen -o {identity}",
        ),
        steps: &[],
    },
    Recipe {
        name: "aws",
        place: "NAME",
        kind: Kind::AwsName,
        get: &[
            "aws",
            "secretsmanager",
            "get-secret-value",
            "--secret-id",
            "{name}",
            "--query",
            "SecretString",
            "--output",
            "text",
        ],
        set: &[
            "aws",
            "secretsmanager",
            "put-secret-value",
            "--secret-id",
            "{name}",
            "--secret-string",
            "file:///dev/stdin",
        ],
        erase: &["aws", "secretsmanager", "delete-secret", "--secret-id", "{name}", "--force-delete-without-recovery"],
        version: &["aws", "--version"],
        absent: &["ResourceNotFoundException"],
        timeout: SLOW,
        first_use: FirstUse::BeforeSet("aws secretsmanager create-secret --name {name}"),
        steps: &[],
    },
    Recipe {
        name: "gcp",
        place: "PROJECT/NAME",
        kind: Kind::GcpNames,
        get: &["gcloud", "secrets", "versions", "access", "latest", "--secret={rest}", "--project={first}"],
        set: &["gcloud", "secrets", "versions", "add", "{rest}", "--project={first}", "--data-file=-"],
        erase: &["gcloud", "secrets", "delete", "{rest}", "--project={first}", "--quiet"],
        version: &["gcloud", "version"],
        absent: &["not found or has no versions"],
        timeout: SLOW,
        first_use: FirstUse::BeforeSet("gcloud secrets create {rest} --project={first} --replication-policy=automatic"),
        steps: &[],
    },
    Recipe {
        name: "azure",
        place: "VAULT/NAME",
        kind: Kind::AzureNames,
        get: &[
            "az",
            "keyvault",
            "secret",
            "show",
            "--vault-name",
            "{first}",
            "--name",
            "{rest}",
            "--query",
            "value",
            "--output",
            "tsv",
        ],
        set: &[
            "az",
            "keyvault",
            "secret",
            "set",
            "--vault-name",
            "{first}",
            "--name",
            "{rest}",
            "--file",
            "/dev/stdin",
            "--encoding",
            "utf-8",
            "--output",
            "none",
        ],
        erase: &[
            "az",
            "keyvault",
            "secret",
            "delete",
            "--vault-name",
            "{first}",
            "--name",
            "{rest}",
            "--output",
            "none",
        ],
        version: &["az", "version"],
        absent: &["SecretNotFound"],
        timeout: SLOW,
        first_use: FirstUse::AfterErase("az keyvault secret purge --vault-name {first} --name {rest}"),
        steps: &[],
    },
    Recipe {
        name: "op",
        place: "VAULT/ITEM",
        kind: Kind::InPlace,
        get: &["op", "document", "get", "{rest}", "--vault", "{first}"],
        set: &["op", "document", "edit", "{rest}", "-", "--vault", "{first}"],
        erase: &["op", "document", "delete", "{rest}", "--vault", "{first}"],
        version: &["op", "--version"],
        absent: &["isn't an item"],
        timeout: SLOW,
        first_use: FirstUse::BeforeSet("echo '{}' | op document create - --title {rest} --vault {first}"),
        steps: &[],
    },
];
