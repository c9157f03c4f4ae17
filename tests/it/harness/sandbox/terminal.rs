//! The program on a terminal: what a user sees and types.
//!
//! The terminal does not echo, so that its text comes from the program alone. It is not a controlling terminal, since
//! that would need unsafe code between fork and exec: Ctrl-C is a signal to [`Terminal::id`].

use std::fs::File;
use std::io::Write;

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, OptionalActions, Winsize, tcgetattr, tcsetattr, tcsetwinsize};
use url::Url;

use super::running::{Process, address_in};
use super::spec::Text;
use super::transcript::Transcript;
use super::{Outcome, Screen, Spec};

pub struct Terminal<'a> {
    spec: Spec<'a>,
    process: Process,
    keyboard: File,
    screen: Transcript,
    /// Where in the screen's text the next [`Terminal::expect`] starts.
    seen: usize,
}

impl<'a> Spec<'a> {
    /// Starts it with stdin, stdout and stderr on a terminal so wide that no line is broken.
    pub fn terminal(self) -> Terminal<'a> {
        self.terminal_of(1_000)
    }

    /// Starts it on a terminal of that width.
    pub fn terminal_of(self, columns: u16) -> Terminal<'a> {
        let (ours, theirs) = pair(columns);
        let keyboard = ours.try_clone().expect("one more descriptor");
        self.on_terminal(ours, theirs.try_clone().expect("one more descriptor"), theirs, keyboard)
    }

    /// Starts it with stdin on a terminal of its own, which [`Terminal::close_keyboard`] closes.
    pub fn terminal_to_close(self) -> Terminal<'a> {
        let ((ours, theirs), (keyboard, stdin)) = (pair(1_000), pair(1_000));
        self.on_terminal(ours, stdin, theirs, keyboard)
    }

    fn on_terminal(self, screen: File, stdin: File, theirs: File, keyboard: File) -> Terminal<'a> {
        let mut command = self.process();
        command.stdin(stdin).stdout(theirs.try_clone().expect("one more descriptor")).stderr(theirs);
        let process = Process::new(command.spawn().expect("the program starts"));
        drop(command);
        let screen = Transcript::of(screen);
        Terminal { spec: self, process, keyboard, screen, seen: 0 }
    }
}

/// Returns both ends of a new terminal of that width: ours, and the program's.
fn pair(columns: u16) -> (File, File) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
    #[cfg(target_os = "linux")]
    let flags = flags | OpenptFlags::CLOEXEC;
    let ours = openpt(flags).expect("a new terminal");
    // macOS has no such flag: a program that starts between the two calls holds our end as well.
    #[cfg(not(target_os = "linux"))]
    rustix::io::fcntl_setfd(&ours, rustix::io::FdFlags::CLOEXEC).expect("it is open");
    grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("the terminal is ours");
    let name = ptsname(&ours, Vec::new()).expect("a terminal has a name");
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let theirs = rustix::fs::open(&name, flags, Mode::empty()).expect("the terminal is ours");
    let mut modes = tcgetattr(&theirs).expect("a terminal");
    modes.local_modes -= LocalModes::ECHO;
    tcsetattr(&theirs, OptionalActions::Now, &modes).expect("a terminal");
    tcsetwinsize(&theirs, size(columns)).expect("a terminal");
    (File::from(ours), File::from(theirs))
}

impl Terminal<'_> {
    /// Waits for the text on the screen, after what was expected before.
    #[track_caller]
    pub fn expect(&mut self, text: &str) {
        let seen = self.seen;
        let end = |screen: &str| screen.get(seen..)?.find(text).map(|at| seen + at + text.len());
        let found = self.screen.wait(end);
        self.seen = found.unwrap_or_else(|| panic!("no {text:?} on the terminal: {}", self.screen.so_far()));
    }

    /// Waits for the authorization URL and returns it.
    #[track_caller]
    pub fn url(&self) -> Url {
        let found = self.screen.wait(|text| address_in(text, self.spec.sandbox.google.url()));
        found.unwrap_or_else(|| panic!("no address to open: {}", self.screen.so_far()))
    }

    /// Types a line and the Enter key.
    #[track_caller]
    pub fn send(&mut self, line: &str) {
        self.keyboard.write_all(format!("{line}\n").as_bytes()).expect("the terminal is open");
    }

    /// Types Ctrl-D on an empty line: the input ends.
    #[track_caller]
    pub fn send_end(&mut self) {
        self.send_key(b"\x04");
    }

    /// Closes the terminal on which it reads, as closing the window does.
    pub fn close_keyboard(&mut self) {
        self.keyboard = File::open("/dev/null").expect("it is there");
    }

    /// Types one key, as the terminal sends it.
    #[track_caller]
    pub fn send_key(&mut self, key: &[u8]) {
        self.keyboard.write_all(key).expect("the terminal is open");
    }

    /// Returns the process id, for signals.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits for the end and checks exit code and leaks; the screen is in [`Outcome::stdout`].
    #[track_caller]
    pub fn finish(mut self) -> Outcome {
        let code = self.process.end();
        let outcome = Outcome::new(code, self.screen.whole("the terminal").replace("\r\n", "\n"), "");
        self.spec.check(&outcome, Text::anything());
        outcome
    }

    /// Does the same, and returns what a terminal of that width shows in the end.
    #[track_caller]
    pub fn finish_shown(mut self, columns: u16) -> Screen {
        let code = self.process.end();
        let raw = self.screen.whole("the terminal");
        self.spec.check(&Outcome::new(code, raw.replace("\r\n", "\n"), ""), Text::anything());
        Screen::new(&raw, columns)
    }

    /// Makes the terminal wider or narrower while the program runs.
    pub fn resize(&self, columns: u16) {
        tcsetwinsize(&self.keyboard, size(columns)).expect("a terminal");
    }

    /// What was written so far.
    pub fn so_far(&self) -> String {
        self.screen.so_far()
    }

    /// Does what Ctrl-C does.
    pub fn interrupt(&self) {
        let id = i32::try_from(self.id()).ok().and_then(Pid::from_raw).expect("a process id");
        kill_process(id, Signal::INT).expect("it runs");
    }
}

fn size(columns: u16) -> Winsize {
    Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}
