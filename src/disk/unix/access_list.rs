//! POSIX access control lists, as Linux stores them in an extended attribute (`acl(5)`).
//!
//! On a directory with a list, the group bits of the mode are the list's mask and say nothing about the owning group.
//! `chmod g-w` changes the mask, which removes write access from everybody in the list but the owner. Access control
//! lists of NFSv4, macOS and Windows are not read here.

use std::path::Path;

use rustix::fs::getxattr;

const ATTRIBUTE: &str = "system.posix_acl_access";
/// The largest attribute in Linux.
const LONGEST: usize = 1 << 16;

const VERSION: u32 = 2;
const USER: u16 = 0x02;
const OWNING_GROUP: u16 = 0x04;
const GROUP: u16 = 0x08;
const MASK: u16 = 0x10;
const WRITE: u16 = 0x02;

/// A writer that a list adds to the directory's owner and everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    User(u32),
    OwningGroup,
    Group(u32),
}

/// Returns who may write besides the owner and everybody; `None` if the path has no list.
pub fn writers(path: &Path) -> Option<Vec<Writer>> {
    let mut attribute = vec![0; LONGEST];
    let length = getxattr(path, ATTRIBUTE, attribute.as_mut_slice()).ok()?;
    parse(attribute.get(..length)?)
}

/// Parses the attribute: a version, then entries of tag, permissions and ID.
fn parse(attribute: &[u8]) -> Option<Vec<Writer>> {
    let (version, entries) = attribute.split_first_chunk()?;
    if u32::from_le_bytes(*version) != VERSION {
        return None;
    }
    let entries: Vec<(u16, bool, u32)> = entries.as_chunks::<8>().0.iter().map(entry).collect();
    // Without a mask the list has only the entries of the mode.
    let may_write = entries.iter().find(|(tag, ..)| *tag == MASK).is_none_or(|(_, write, _)| *write);
    let writer = |(tag, write, id): &(u16, bool, u32)| match *tag {
        _ if !(*write && may_write) => None,
        USER => Some(Writer::User(*id)),
        OWNING_GROUP => Some(Writer::OwningGroup),
        GROUP => Some(Writer::Group(*id)),
        _ => None,
    };
    Some(entries.iter().filter_map(writer).collect())
}

/// Returns tag, whether it allows writing, and ID.
fn entry(&[tag1, tag2, right1, right2, id @ ..]: &[u8; 8]) -> (u16, bool, u32) {
    let rights = u16::from_le_bytes([right1, right2]);
    (u16::from_le_bytes([tag1, tag2]), rights & WRITE != 0, u32::from_le_bytes(id))
}

#[cfg(test)]
mod tests {
    use super::{Writer, parse};

    fn attribute(entries: &[(u16, u16, u32)]) -> Vec<u8> {
        let entry = |(tag, rights, id): &(u16, u16, u32)| {
            [&tag.to_le_bytes()[..], &rights.to_le_bytes(), &id.to_le_bytes()].concat()
        };
        [2_u32.to_le_bytes().to_vec(), entries.iter().flat_map(entry).collect()].concat()
    }

    #[test]
    fn everyone_who_may_write_is_found() {
        let entries =
            [(1, 7, u32::MAX), (2, 7, 1001), (2, 5, 1002), (4, 6, u32::MAX), (8, 7, 50), (16, 7, u32::MAX), (32, 0, 0)];
        let writers = parse(&attribute(&entries));
        assert_eq!(writers, Some(vec![Writer::User(1001), Writer::OwningGroup, Writer::Group(50)]));
    }

    #[test]
    fn the_mask_removes_write_access_for_all_of_them() {
        let entries = [(1, 7, u32::MAX), (2, 7, 1001), (4, 7, u32::MAX), (16, 5, u32::MAX), (32, 7, 0)];
        assert_eq!(parse(&attribute(&entries)), Some(vec![]));
    }

    #[test]
    fn an_invalid_attribute_is_not_a_list() {
        for attribute in [&[][..], &[2, 0, 0], &[1, 0, 0, 0], &[3, 0, 0, 0, 2, 0, 7, 0, 1, 0, 0, 0]] {
            assert_eq!(parse(attribute), None);
        }
    }
}
