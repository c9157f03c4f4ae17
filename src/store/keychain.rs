//! The OS keychain as a store: every call on a thread of its own, under a deadline of ours.

use crate::disk::Lock;
use crate::error::Result;
use crate::format::Contents;
use crate::profile::ProfileName;
use crate::store::{Change, Store};

pub struct KeychainStore {
    profile: ProfileName,
}

impl KeychainStore {
    pub fn new(profile: &ProfileName) -> KeychainStore {
        KeychainStore { profile: profile.clone() }
    }
}

impl Store for KeychainStore {
    fn load(&self) -> Result<Contents> {
        todo!()
    }

    fn rehearse(&self, change: Change) -> Result<()> {
        todo!()
    }

    fn lock(&self) -> Result<Lock> {
        todo!()
    }

    fn update(&self, lock: &Lock, change: Change) -> Result<Vec<String>> {
        todo!()
    }

    fn location(&self) -> String {
        todo!()
    }
}
