//! What a disk does not take: a file more, a longer name, a name that can be removed again.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::Command;

use crate::harness::mounts::Mounts;
use crate::harness::skip::{not_root, skip, without};
use crate::sandbox::Sandbox;
use crate::stored;

#[test]
fn a_file_may_have_the_longest_name_that_its_disk_takes() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    for length in [229, 230, 231, 255] {
        let name = "n".repeat(length - 5) + ".yaml";
        let path = format!("../home/{name}");
        sandbox.command(&["export", "python", &path]).stderr_has("").run();
        for id in ["1234567890", "none"] {
            let set = ["set", "--no-verify", "--login-customer-id", id, "--config", &path];
            sandbox.command(&set).stderr_has("").run();
        }
        // What a killed run left is removed, and only beside its own file.
        let left = |of: &str| sandbox.names("").into_iter().filter(|name| name.contains(of)).collect::<Vec<_>>();
        assert_eq!(left(".gads-creds-"), [""; 0], "{length}");
        fs::remove_file(sandbox.path(&name)).unwrap();
    }
    let path = format!("../home/{}.yaml", "n".repeat(251));
    sandbox.command(&["export", "python", &path]).code(1).stderr_has("the name is too long or not valid").run();
}

#[test]
fn a_disk_without_inodes_is_not_called_full() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    fs::create_dir(sandbox.path("small")).unwrap();
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    mounts.sh("mount -t tmpfs -o nr_inodes=3,mode=700 none small; touch small/a small/b");
    let run = mounts.command(&["export", "java", "../home/small/ads.properties"]).code(1);
    let run = run.stderr_has("the disk has no inode left for another file");
    run.stderr_has("hint: remove files from that disk and try again").run();
}

#[test]
fn a_directory_in_which_nothing_may_be_removed_is_named_and_keeps_no_probe() {
    if not_root() || without("chattr") {
        return;
    }
    let sandbox = Sandbox::new();
    let (client, _) = stored::works(&sandbox);
    sandbox.client_secrets(&client);
    let login = ["login", "--no-browser", "-c", "../home/client_secret.json", "--config", "../home/held/n.yaml"];
    let start = ["login", "--start", "-c", "../home/client_secret.json"];
    let cases: [(&str, &[&str]); 4] = [
        ("held", &login),
        ("held", &["export", "java", "../home/held/ads.properties"]),
        (".local/state/gads-creds/pending", &start),
        (".config/gads-creds", &["login", "--no-browser", "-c", "../home/client_secret.json", "-p", "n"]),
    ];
    for (directory, args) in cases {
        let place = sandbox.path(directory);
        fs::create_dir_all(&place).unwrap();
        let chattr = |change: &str| Command::new("chattr").arg(change).arg(&place).output().unwrap().status.success();
        if !chattr("+a") {
            return skip("this file system has no such attribute");
        }
        let run = sandbox.command(args).observe();
        let left = sandbox.names(directory);
        assert!(chattr("-a"));
        assert!(run.code == 1 && run.stderr.contains("is marked as never to be changed"), "{directory}: {run:#?}");
        assert!(run.stderr.contains(place.to_str().unwrap()), "{directory}: {run:#?}");
        assert_eq!(left, [""; 0], "{directory}");
    }
}
