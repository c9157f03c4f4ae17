//! Service accounts: what a key file may be, how Google's token endpoint judges a JWT, and every command with such a credential.

mod key_files;
mod stand_in;
