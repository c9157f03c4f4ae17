//! What the threads that watch a program report.

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
