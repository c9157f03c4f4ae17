//! What the threads that watch a program report.

#[cfg_attr(windows, expect(dead_code, reason = "a console has no groups of processes that take turns"))]
pub enum Event {
    Stdout(Vec<u8>),
    StdoutEnd,
    Stderr(Vec<u8>),
    StderrEnd,
    /// It reads the terminal, or changes its modes, while another group has it.
    WantsTerminal,
    Suspended,
    /// It has exited and is not reaped yet.
    Ended {
        success: bool,
    },
}
