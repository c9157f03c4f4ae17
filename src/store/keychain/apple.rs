//! Errors of macOS's keychain by their numbers, for which keyring knows no more than that the keychain failed.

use security_framework::base::Error;

use crate::store::keychain::cause::Cause;

/// Returns the cause of an error that the user can do something about. The numbers are those of SecBase.h.
pub fn cause(error: &Error) -> Option<Cause> {
    let (fact, step) = match error.code() {
        // errSecInteractionNotAllowed: over SSH, or as a service.
        -25308 => (
            "the keychain is locked or has to ask you, and no prompt can be shown in this session",
            "unlock the keychain with `security unlock-keychain` and run this again",
        ),
        // errSecUserCanceled
        -128 => (
            "the prompt of the keychain was dismissed or denied",
            "run this again and choose \"Allow\" or \"Always Allow\" in the prompt",
        ),
        // errSecAuthFailed
        -25293 => (
            "the keychain did not accept the password, or denies gads-creds access to the entry",
            "run this again with the password of the keychain and choose \"Allow\", or allow it in Keychain Access",
        ),
        _ => return None,
    };
    Some(Cause::Known(fact, step))
}
