//! Application Default Credentials, and the strict JSON that they are.

use gads_creds::format::IdentityKind;

use super::{adc, appsettings, complete, fixture, logged_in, login};
use crate::harness::libraries::{assert_reads, read_by_library};

#[test]
fn json_that_the_library_refuses_is_refused() {
    for text in ["[]", "{", "{'a': 1}", "{a: 1}", "{\"a\" 1}", "{\"a\": 0x1}", "{} {}", "nothing"] {
        assert!(appsettings().read(text).is_err(), "{text}");
        assert!(adc().read(text).is_err(), "{text}");
    }
    for text in ["{ // comment\n}", "{\"a\": 1,}"] {
        assert!(appsettings().read(text).is_ok(), "{text}");
        assert!(adc().read(text).is_err(), "{text}");
    }
}

#[test]
fn a_service_accounts_file_is_written_to_only_after_its_type_was_changed() {
    let text = fixture("adc/hostile.json");
    assert!(adc().read(&text).unwrap().credentials.service_account().is_some());
    assert_eq!(adc().write(&text, &login("1//0g-new")).unwrap_err().line, Some(2));
    let edit = adc().comment_out_others(&text, IdentityKind::User).unwrap();
    let written = logged_in(adc(), &edit.text, &login("1//0g-new"));
    assert!(!written.contains("private_key"), "no part of the key stays beside a user: {written}");
    let Some(read) = read_by_library(adc(), &[written]) else { return };
    assert_reads(adc(), &read[0], &login("1//0g-new"));
}

#[test]
fn what_application_default_credentials_have_no_place_for_is_left_out() {
    let written = adc().write(&fixture("adc/sample.json"), &complete()).unwrap();
    assert_eq!(adc().read(&written).unwrap().credentials, adc().holds(&complete()));
    assert_eq!(adc().holds(&complete()), login("1//0g-new"));
    assert!(written.contains("\"quota_project_id\": \"a-project\""));
    assert!(!written.contains("new-developer-token"));
}
