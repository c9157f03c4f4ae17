//! What is known about a failure beyond its kind, for callers whose next step depends on it.

/// Why Google was not reached, or why it rejected a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    Transport(Transport),
    Grant(GrantFailure),
}

/// What went wrong on the way to a server and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// The host name cannot be resolved.
    Name,
    /// No connection, or it broke.
    Connection,
    /// No response within the deadline.
    Timeout,
    /// The server's certificate or its TLS cannot be trusted.
    Tls,
    /// The proxy does not respond, requires a password, or rejects the host.
    Proxy,
    /// A response that is not the server's own: a captive portal's page, a redirect, more than the limit.
    Response,
    /// The server is overloaded or has a fault: HTTP 429 or 5xx.
    Busy,
}

/// Why Google rejected a refresh token or an authorization code, if it gives a reason: `invalid_grant` alone does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantFailure {
    /// The organization's session control wants a new sign-in.
    ReauthenticationRequired,
    AccountDeleted,
    AccountDisabled,
    AccountUnknown,
    /// The clock of this machine differs too much from Google's.
    Clock,
    /// Google does not have the public key of the signing key.
    Key,
}
