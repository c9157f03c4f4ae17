//! Runs a program for its output: input, both output streams, exit and deadline are watched together.
//!
//! Four threads read, write and wait; they only report, and one loop decides. A program that floods, hangs, closes its
//! input or leaves children that hold its streams open therefore cannot block this process. What it writes to stderr is
//! kept for messages. With a user at the terminal it is also shown once the program pauses after it: a prompt becomes
//! visible, and output just before the exit is left to the message about it.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Kind;
use crate::hardening::{self, Critical};
use crate::secret::Secret;
use crate::subprocess::event::Event;
use crate::subprocess::group::{self, Foreground, Group};
use crate::subprocess::relay::Relay;

/// How much of stderr is kept.
const MOST_STDERR: usize = 64 * 1024;
/// How often the loop looks for signals and for the deadline.
const TICK: Duration = Duration::from_millis(50);
/// How long a program pauses after a text that is shown as a prompt.
const PAUSE: Duration = Duration::from_millis(300);
/// How long a child that the program left behind may hold its output open. A busy machine may need part of it for
/// output that is already written.
const GRACE: Duration = Duration::from_secs(2);

/// What a program reads from its stdin.
pub enum Input {
    /// Nothing: the first read returns the end.
    Empty,
    /// This text, then the end.
    Text(Secret),
}

/// How long a program may run, and what else it may do.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub deadline: Duration,
    /// The maximum of memory, in bytes, for a program that may be made to read files without end. Only on Linux.
    pub memory: Option<u64>,
    /// The maximum of stdout, in bytes.
    pub stdout: usize,
    /// Whether its output counts. If not, a program that succeeds has ended, whatever it leaves behind.
    pub output_counts: bool,
    /// Whether a user may be prompted: stderr is also shown on our terminal, and a program that reads gets the
    /// terminal.
    pub may_ask: bool,
    /// Whether a signal to stop ends it. A program that writes is not interrupted.
    pub interruptible: bool,
}

/// The output of a program that exited by itself.
pub struct Output {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    /// The first 64 KiB.
    pub stderr: Vec<u8>,
    /// Shows the rest of `stderr` on the terminal, and knows the secrets that it must not.
    pub relay: Relay,
}

/// Why a program did not exit by itself, or not normally.
#[derive(Debug)]
pub enum Failure {
    NotStarted(io::Error),
    /// The deadline passed.
    Late,
    TooMuchOutput,
    /// It exited, but a child of it holds its output open.
    OutputHeldOpen,
    /// It reads the terminal, but nobody can be prompted.
    AsksInVain,
    /// It was stopped on the terminal (Ctrl-Z).
    Suspended,
    /// This process received a signal to stop.
    Interrupted(Kind),
}

pub fn run(mut command: Command, input: Input, limits: Limits, secrets: Vec<Secret>) -> Result<Output, Failure> {
    // The loop handles signals: nothing of the group may be left when this process exits.
    let _critical = Critical::enter();
    let stdin = if matches!(input, Input::Empty) { Stdio::null() } else { Stdio::piped() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(Failure::NotStarted)?;
    #[cfg(target_os = "linux")]
    if let Some(most) = limits.memory {
        use rustix::process::{Pid, Resource, Rlimit, prlimit};
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        // Not what is mapped from files. It fails if the program has ended, or has a lower limit.
        let _ = prlimit(Some(Pid::from_child(&child)), Resource::Data, limit);
    }
    let group = Group::of(&child);
    let running = Running::new(&group);
    let watched = watch(&mut child, &group, input)
        .and_then(|events| Watch::new(&group, limits, secrets).until_end(&mut child, &events));
    if watched.is_err() {
        group.end(&mut child);
    }
    group.kill();
    // From here on the process ID may be reused.
    drop(running);
    let status = child.wait().map_err(Failure::NotStarted);
    let watch = watched?;
    Ok(Output { status: status?, stdout: watch.stdout, stderr: watch.stderr, relay: watch.relay })
}

/// The groups of all programs that run for their output.
static RUNNING: Mutex<Vec<Group>> = Mutex::new(Vec::new());

/// Kills whatever still runs, for a process that exits without waiting for the thread that waits for a program.
pub fn end_all() {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(Group::kill);
}

/// Lists a group as long as this exists.
struct Running(Group);

impl Running {
    fn new(group: &Group) -> Running {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).push(group.clone());
        Running(group.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).retain(|group| *group != self.0);
    }
}

/// Starts the threads that report.
fn watch(child: &mut Child, group: &Group, input: Input) -> Result<mpsc::Receiver<Event>, Failure> {
    let (sender, events) = mpsc::channel();
    let start =
        |work: Box<dyn FnOnce() + Send>| thread::Builder::new().spawn(work).map(drop).map_err(Failure::NotStarted);
    if let (Some(mut stdin), Input::Text(text)) = (child.stdin.take(), input) {
        // A program that does not read its input fails in its own way, or when the result is read back.
        start(Box::new(move || _ = stdin.write_all(text.expose().as_bytes())))?;
    }
    if let Some(stdout) = child.stdout.take() {
        let sender = sender.clone();
        start(Box::new(move || read(stdout, &sender, Event::Stdout, Event::StdoutEnd)))?;
    }
    if let Some(stderr) = child.stderr.take() {
        let sender = sender.clone();
        start(Box::new(move || read(stderr, &sender, Event::Stderr, Event::StderrEnd)))?;
    }
    let group = group.clone();
    start(Box::new(move || group.watch(&sender)))?;
    Ok(events)
}

fn read(mut stream: impl Read, sender: &Sender<Event>, some: fn(Vec<u8>) -> Event, end: Event) {
    let mut block = [0; 8192];
    loop {
        match stream.read(&mut block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(count @ 1..) if sender.send(some(block[..count].to_vec())).is_ok() => {}
            _ => break,
        }
    }
    // Nobody receives it once the run is over.
    let _ = sender.send(end);
}

/// The run so far.
struct Watch<'g> {
    group: &'g Group,
    limits: Limits,
    end: Instant,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    relay: Relay,
    /// When stderr last received something.
    last: Instant,
    stdout_ended: bool,
    stderr_ended: bool,
    ended: Option<(Instant, bool)>,
    wants_terminal: bool,
    foreground: Option<Foreground>,
}

impl<'g> Watch<'g> {
    fn new(group: &'g Group, limits: Limits, secrets: Vec<Secret>) -> Watch<'g> {
        let now = Instant::now();
        Watch {
            group,
            limits,
            end: now + limits.deadline,
            stdout: Vec::new(),
            stderr: Vec::new(),
            relay: Relay::new(secrets),
            last: now,
            stdout_ended: false,
            stderr_ended: false,
            ended: None,
            wants_terminal: false,
            foreground: None,
        }
    }

    fn until_end(mut self, child: &mut Child, events: &mpsc::Receiver<Event>) -> Result<Watch<'g>, Failure> {
        loop {
            let now = Instant::now();
            match events.recv_timeout(TICK.min(self.end.saturating_duration_since(now))) {
                Ok(event) => self.take(event)?,
                Err(RecvTimeoutError::Timeout) => {}
                // The threads have reported everything; on Windows they do not report the exit.
                Err(RecvTimeoutError::Disconnected) => thread::sleep(TICK),
            }
            if let (None, true, Some(success)) = (self.ended, self.stdout_ended, group::has_ended(child)) {
                self.take(Event::Ended { success })?;
            }
            if self.is_over()? {
                self.foreground = None;
                return Ok(self);
            }
            let now = Instant::now();
            if now >= self.end {
                return Err(if self.ended.is_some() { Failure::OutputHeldOpen } else { Failure::Late });
            }
            if let Some(kind) = hardening::stopping().filter(|_| self.limits.interruptible) {
                return Err(Failure::Interrupted(kind));
            }
            if self.limits.may_ask && now.duration_since(self.last) >= PAUSE {
                self.relay.show(&self.stderr);
            }
            if self.wants_terminal {
                self.give_terminal();
            }
        }
    }

    fn take(&mut self, event: Event) -> Result<(), Failure> {
        match event {
            Event::Stdout(bytes) => self.stdout.extend(bytes),
            Event::StdoutEnd => self.stdout_ended = true,
            Event::Stderr(bytes) => {
                self.last = Instant::now();
                let room = MOST_STDERR.saturating_sub(self.stderr.len());
                self.stderr.extend(bytes.iter().take(room));
            }
            Event::StderrEnd => self.stderr_ended = true,
            Event::WantsTerminal if self.limits.may_ask && self.foreground.is_none() => self.wants_terminal = true,
            Event::WantsTerminal => return Err(Failure::AsksInVain),
            Event::Suspended => return Err(Failure::Suspended),
            Event::Ended { success } => {
                self.ended = Some((Instant::now(), success));
                // Whatever is left in its group is killed as well.
                self.group.kill();
            }
        }
        if self.stdout.len() > self.limits.stdout { Err(Failure::TooMuchOutput) } else { Ok(()) }
    }

    /// Whether the program and its output have ended. If it succeeded, what holds stderr open (such as the master of an
    /// SSH connection), or an output that does not count, is not waited for; if it failed, stderr says why.
    fn is_over(&self) -> Result<bool, Failure> {
        let Some((ended, success)) = self.ended else { return Ok(false) };
        let is_long_ago = ended.elapsed() >= GRACE;
        match (self.stdout_ended || (success && !self.limits.output_counts), self.stderr_ended) {
            (true, true) => Ok(true),
            (true, false) => Ok(is_long_ago || (success && ended.elapsed() >= 2 * TICK)),
            (false, _) if is_long_ago => Err(Failure::OutputHeldOpen),
            (false, _) => Ok(false),
        }
    }

    /// Gives the terminal to the program, unless another one has it: then it waits for its turn.
    fn give_terminal(&mut self) {
        self.foreground = self.group.give_terminal();
        if self.foreground.is_some() {
            self.wants_terminal = false;
            self.relay.show(&self.stderr);
            self.group.resume();
        }
    }
}
