//! The Google accounts that the command line names. With a text that cannot be one, no account would ever be the expected one,
//! and what is shown to the person who consents would be misleading.

/// RFC 5321 section 4.5.3.1.3, without the angle brackets.
const LONGEST: usize = 254;

/// Checks an e-mail address as far as that is possible without asking.
pub fn email(text: &str) -> Result<String, String> {
    let is_name = |char: char| char.is_alphanumeric() || "!#$%&'*+-/=?^_{|}~.".contains(char);
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|char| char.is_alphanumeric() || char == '-');
    let fits = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && name.chars().all(is_name) && host.contains('.') && host.split('.').all(is_label)
    });
    if fits && text.len() <= LONGEST {
        Ok(text.to_owned())
    } else {
        Err("an account is an e-mail address, as in ann@example.com".to_owned())
    }
}

/// Checks the account to preselect: Google takes an e-mail address or the number of an account (OpenID Connect `sub`).
pub fn login_hint(text: &str) -> Result<String, String> {
    let is_number = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Ok(text.to_owned()) } else { email(text) }
}
