//! What keeps the keychain from being used.

/// A cause, where more is known than that the keychain failed.
#[cfg_attr(
    any(windows, target_os = "macos"),
    expect(dead_code, reason = "only the Secret Service gives most of these")
)]
pub enum Cause {
    Locked,
    /// It is locked, and the prompt that would unlock it was dismissed, or had no display to be shown on.
    NoPrompt,
    /// No collection of the Secret Service is the default one.
    NoDefaultCollection,
    NoSession,
    /// The variable for the session's address lists several; the first that can be connected to.
    AddressList(Option<String>),
    /// It names a program to start.
    StartsProgram,
    /// The session does not accept the connection, or it broke.
    NotConnected(String),
    NoService,
    /// What macOS's keychain reports by its number, and the step.
    #[cfg(target_os = "macos")]
    Known(&'static str, &'static str),
    /// The D-Bus session is that of the user of this number.
    OfAnotherUser(u32),
    /// In the words of the operating system.
    Refused(String),
    Failed(String),
}
