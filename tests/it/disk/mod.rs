//! Files are changed as a whole or not at all, whatever the disk does.

mod export_revoke_faults;
mod files;
mod read_only;
mod system_call_faults;
mod unsuitable_files;
