//! Files are changed completely or not at all, whatever the disk does.

mod access_lists;
mod export_revoke_faults;
mod files;
mod limits;
mod locks;
mod read_only;
mod system_call_faults;
mod umask;
mod unsuitable_files;
mod waiting;
