//! Real disks that are full, read-only or nearly so, from the start or only during consent: the first is detected
//! before a browser opens, the second leaves the old file or the new one and a token for `login --recover`.
#![cfg(target_os = "linux")]

use rustix::process::{Pid, Resource, Rlimit};

use super::{CLIENT, browse, hold, issued, new_file, refuses};
use crate::google::{Client, Endpoint};
use crate::harness::mounts::Mounts;
use crate::harness::skip::skip;
use crate::sandbox::{Outcome, Sandbox, Spec};

const OLD_TOKEN: &str = "1//0-the-token-of-before";
const ADS: &str = "ads/google-ads.yaml";

/// A login of the profile `work` into a file with a token and a comment, on its own disk.
struct World<'a> {
    sandbox: &'a Sandbox,
    mounts: Mounts<'a>,
    client: Client,
}

impl<'a> World<'a> {
    fn new(sandbox: &'a Sandbox) -> Option<World<'a>> {
        let mounts = Mounts::start(sandbox)?;
        let world = World { sandbox, mounts, client: sandbox.desktop() };
        // Directories that may become mount points.
        world.mounts.sh("mkdir -pm 700 .config .local ads");
        Some(world)
    }

    /// Writes the old file, even below a mount.
    fn with_old_file(self) -> World<'a> {
        self.put(&self.old(), ADS);
        self
    }

    /// Writes a file, even below a mount.
    fn put(&self, text: &str, path: &str) {
        let source = self.sandbox.write(self.sandbox.work().join("source"), text);
        self.mounts.sh(&format!("cp -p '{}' {path}", source.display()));
    }

    fn old(&self) -> String {
        self.text(OLD_TOKEN)
    }

    fn text(&self, token: &str) -> String {
        format!("{}# by hand\n", new_file(&self.client, token))
    }

    fn stored(&self) -> String {
        self.mounts.sh(&format!("cat {ADS}"))
    }

    fn login(&self) -> Spec<'a> {
        let args = [&["login", "--no-browser"], &CLIENT[..], &["-p", "work", "--config", ADS]].concat();
        self.mounts.command(&args).stderr_has("")
    }

    /// Runs a login during which `meanwhile` happens while Google prepares this response. It gets the process.
    fn login_while(&self, endpoint: Endpoint, meanwhile: impl FnOnce(&Mounts, u32)) -> Outcome {
        let held = hold(self.sandbox, endpoint);
        let running = self.login().start();
        let page = browse(&running.url());
        held.reached();
        meanwhile(&self.mounts, running.id());
        drop(held);
        page.join().expect("the browser does not panic").expect("a page");
        running.observe()
    }

    /// Checks a login that failed with this `error`, and that a second one succeeds once it is `fixed`.
    fn check(&self, context: &str, outcome: &Outcome, error: Option<&str>, fixed: impl FnOnce(&Mounts)) {
        let context = format!("{context}: {outcome:#?}");
        let new = self.text(&issued(self.sandbox));
        if let Some(error) = error {
            assert_eq!(outcome.code, 1, "{context}");
            assert!(outcome.stderr.contains(error) && outcome.stderr.contains("login --recover"), "{context}");
            let text = self.stored();
            assert!(text == self.old() || text == new, "{context}: {text}");
            fixed(&self.mounts);
            let recovered = self.mounts.command(&["login", "--recover"]).observe();
            assert_eq!(recovered.code, 0, "{context}, then {recovered:#?}");
        } else {
            assert_eq!(outcome.code, 0, "{context}");
            fixed(&self.mounts);
        }
        assert_eq!(self.stored(), new, "{context}");
        let left = self.mounts.command(&["login", "--recover"]).observe();
        assert_eq!(left.code, 3, "{context}: {left:#?}");
        let refreshed = self.mounts.command(&["refresh", "-p", "work"]).observe();
        assert_eq!(refreshed.code, 0, "{context}, then {refreshed:#?}");
        let names = self.mounts.sh("ls -A ads .config/gads-creds");
        assert!(!names.contains(".gads-creds-"), "{context}: {names}");
    }
}

#[test]
fn a_full_disk_is_detected_before_the_browser_opens() {
    // A recovery file has two possible directories: one is enough.
    for directories in [&["ads"][..], &[".config"], &[".local", "../tmp"]] {
        let sandbox = Sandbox::new();
        let Some(world) = World::new(&sandbox) else { return };
        directories.iter().for_each(|directory| world.mounts.small(directory, 16));
        let world = world.with_old_file();
        directories.iter().for_each(|directory| world.mounts.fill(directory));
        refuses(world.login().code(1).stderr_has("the disk is full").stderr_has("hint: free some space"));
        assert_eq!(world.stored(), world.old());
    }
}

#[test]
fn a_disk_that_fills_during_consent_loses_no_token() {
    let full = Some("the disk is full");
    for (directory, endpoint, error) in [
        ("ads", Endpoint::Ads, full),
        ("ads", Endpoint::Token, full),
        // The token is stored, but the profile that would find it is not recorded.
        (".config", Endpoint::Ads, full),
        // The recovery file goes into the directory for temporary files, and nothing else needs space there.
        (".local", Endpoint::Token, None),
        (".local", Endpoint::Ads, None),
        // The whole home directory, as with a quota.
        (".", Endpoint::Token, full),
        (".", Endpoint::Ads, full),
    ] {
        let sandbox = Sandbox::new();
        let Some(world) = World::new(&sandbox) else { return };
        if directory == "." {
            world.mounts.small(".", 64);
            world.mounts.sh("mkdir -m 700 .config ads");
            world.put(&world.client.secrets_file(), "client_secret.json");
        } else {
            world.mounts.small(directory, 16);
        }
        let world = world.with_old_file();
        let outcome = world.login_while(endpoint, |mounts, _| mounts.fill(directory));
        let context = format!("{directory} full before the response of {endpoint:?}");
        world.check(&context, &outcome, error, |mounts| _ = mounts.sh(&format!("rm {directory}/filler")));
    }
}

#[test]
fn a_disk_that_becomes_read_only_during_consent_loses_no_token() {
    for (directory, endpoint) in [
        ("ads", Endpoint::Ads),
        ("ads", Endpoint::Token),
        (".config", Endpoint::Ads),
        // No lock is available.
        (".local", Endpoint::Token),
        (".local", Endpoint::Ads),
        (".", Endpoint::Token),
        (".", Endpoint::Ads),
    ] {
        let sandbox = Sandbox::new();
        let Some(world) = World::new(&sandbox) else { return };
        let world = world.with_old_file();
        let home = sandbox.home().display().to_string();
        let outcome = world.login_while(endpoint, |mounts, _| mounts.fix(&format!("{home}/{directory}")));
        let context = format!("{directory} read-only before the response of {endpoint:?}");
        let step = format!("mount -o remount,rw,bind {home}/{directory}");
        world.check(&context, &outcome, Some("the file system is read-only"), |mounts| _ = mounts.sh(&step));
    }
}

#[test]
fn a_file_that_is_a_mount_point_is_detected_before_the_browser_opens() {
    let sandbox = Sandbox::new();
    let Some(world) = World::new(&sandbox) else { return };
    let world = world.with_old_file();
    world.mounts.sh(&format!("mount --bind {ADS} {ADS}"));
    let hint = "hint: mount its directory instead of the single file";
    refuses(world.login().code(1).stderr_has("is a mount point").stderr_has(hint));
    assert_eq!(world.stored(), world.old());
}

#[test]
fn a_file_that_becomes_a_mount_point_during_consent_loses_no_token() {
    let sandbox = Sandbox::new();
    let Some(world) = World::new(&sandbox) else { return };
    let world = world.with_old_file();
    let outcome = world.login_while(Endpoint::Ads, |mounts, _| _ = mounts.sh(&format!("mount --bind {ADS} {ADS}")));
    let step = format!("umount {ADS}");
    world.check("mounted", &outcome, Some("is a mount point"), |mounts| _ = mounts.sh(&step));
}

#[test]
fn a_directory_that_is_writable_but_not_readable_is_detected_before_the_browser_opens() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let file = sandbox.write(ADS, new_file(&client, OLD_TOKEN));
    let directory = file.parent().expect("it has a directory").to_owned();
    sandbox.chmod(&directory, 0o300);
    let program = [crate::PROGRAM, "login", "--no-browser", "--timeout", "5"];
    // Root without the capability to ignore modes, like any other user.
    let rights = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"];
    let rights = if rustix::process::geteuid().is_root() { &rights[..] } else { &[] };
    let config = file.to_str().expect("a plain path");
    let words = [rights, &program, &CLIENT, &["--config", config]].concat();
    let login = sandbox.other_program(words[0], &words[1..]).env("PATH", "/usr/local/bin:/usr/bin:/bin").code(1);
    login.stderr_has("cannot sync directory `").stderr_has("permission denied").run();
    sandbox.chmod(&directory, 0o700);
    assert!(sandbox.google.requests(Endpoint::Authorize).is_empty());
    assert_eq!(sandbox.read(ADS), new_file(&client, OLD_TOKEN));
}

#[test]
fn a_file_that_came_with_the_image_of_a_container_is_replaced() {
    let sandbox = Sandbox::new();
    let Some(world) = World::new(&sandbox) else { return };
    // On an overlay of two disks the file gets another inode when it is changed, as if it were a new one.
    world.mounts.small("image", 64);
    world.mounts.small("container", 64);
    let directories = "lowerdir=image,upperdir=container/changes,workdir=container/work";
    world.mounts.sh("mkdir -m 700 container/changes container/work");
    world.put(&world.old(), "image/google-ads.yaml");
    let failure = world.mounts.sh(&format!("mount -t overlay none -o {directories} ads || echo refused"));
    if !failure.is_empty() {
        skip("no overlay can be mounted here");
        return;
    }
    let outcome = world.login_while(Endpoint::Ads, |_, _| ());
    world.check("overlay", &outcome, None, |_| ());
}

#[test]
fn a_file_size_limit_is_detected_before_the_browser_opens() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let old = new_file(&client, OLD_TOKEN);
    sandbox.write("google-ads.yaml", &old);
    let program = crate::PROGRAM;
    let script = "ulimit -f 0; exec \"$@\"";
    let args = [&["-c", script, "-", program, "login", "--no-browser"], &CLIENT[..]].concat();
    let login = sandbox.other_program("/bin/sh", &args).code(1);
    refuses(
        login
            .stderr_has("the file would be too large")
            .stderr_has("hint: raise the file size limit (`ulimit -f unlimited`)"),
    );
    assert_eq!(sandbox.read("google-ads.yaml"), old);
}

#[test]
fn a_file_size_limit_set_during_consent_loses_no_token() {
    let sandbox = Sandbox::new();
    let Some(world) = World::new(&sandbox) else { return };
    let world = world.with_old_file();
    let outcome = world.login_while(Endpoint::Ads, |_, id| {
        let id = i32::try_from(id).ok().and_then(Pid::from_raw).expect("a process id");
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        rustix::process::prlimit(Some(id), Resource::Fsize, none).expect("the process is ours");
    });
    world.check("limited", &outcome, Some("the file would be too large"), |_| ());
}

#[test]
fn where_files_cannot_be_locked_no_browser_opens() {
    if crate::traced::cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let old = new_file(&client, OLD_TOKEN);
    sandbox.write("google-ads.yaml", &old);
    for error in ["ENOLCK", "EOPNOTSUPP"] {
        let fault = format!("flock:error={error}");
        let login = [&["login", "--no-browser"], &CLIENT[..]].concat();
        let login = crate::traced::command(&sandbox, Some(&fault), &login).code(1);
        refuses(login.stderr_has("error: cannot lock `").stderr_has("hint: set `XDG_STATE_HOME` to a directory"));
        assert_eq!(sandbox.read("google-ads.yaml"), old);
    }
}
