//! What a Ruby configuration may contain: what is edited, what is reported and left alone, what is rejected.

use gads_creds::credentials::{Credentials, CustomerId, Field};
use gads_creds::format::{DiagnosticCode, IdentityKind};
use gads_creds::secret::Secret;

use super::{difference, fixture, login, ruby};
use crate::harness::libraries::{assert_reads, read_by_library};

#[test]
fn ruby_that_is_computed_is_named_and_left_alone() {
    let text = fixture("ruby/hostile.rb");
    let contents = ruby().read(&text).unwrap();
    assert_eq!(contents.credentials, Credentials::default());
    let mut named: Vec<(&str, usize)> =
        contents.diagnostics.iter().map(|diagnostic| (diagnostic.key.as_str(), diagnostic.line)).collect();
    named.sort_unstable();
    assert_eq!(
        named,
        [
            ("client_id", 13),
            ("client_secret", 13),
            ("developer_token", 14),
            ("linked_customer_id", 17),
            ("login_customer_id", 15),
            ("refresh_token", 10),
        ]
    );
    for (change, line) in [
        (Credentials::default().with(Field::RefreshToken, Some("new")), 10),
        (Credentials::default().with(Field::ClientId, Some("new")), 13),
        (Credentials::default().with(Field::ClientSecret, Some("new")), 13),
        (Credentials { developer_token: Some(Secret::new("new")), ..Credentials::default() }, 14),
        (Credentials { login_customer_id: CustomerId::exact("9876543210"), ..Credentials::default() }, 15),
        (Credentials { linked_customer_id: CustomerId::exact("9876543210"), ..Credentials::default() }, 17),
    ] {
        let error = ruby().write(&text, &change).unwrap_err();
        assert_eq!(error.line, Some(line), "{}", error.reason);
    }
    assert_eq!(ruby().write(&text, &Credentials::default()).unwrap(), text);
}

/// Returns a configuration with this line in its block.
pub fn ruby_with(line: &str) -> String {
    format!("Google::Ads::GoogleAds::Config.new do |c|\n  {line}\nend\n")
}

#[test]
fn ruby_that_cannot_be_parsed_is_refused() {
    for line in [
        "c.client_id = <<~TEXT\n  c.refresh_token = 'in a text'\n  TEXT",
        "c.client_id = 'begun\n  c.refresh_token = and ended'",
        "c.client_id = %q!\n  c.refresh_token = 'in a text'\n  !",
        "x = ?'; c.refresh_token = 'behind a character'",
        "c.refresh_token ||= 'or this'",
        "c.refresh_token += 'more'",
        "c.refresh_token = 'a' 'b'",
        "c.refresh_token = 'a' \\\n    'b'",
        "c.refresh_token = 'a'\n    # comment\n    .strip",
        "c.refresh_token = 'a' if false",
        "c.refresh_token = \"a#{1}\"",
        "c.refresh_token = \"a\\u0041\"",
        "c.refresh_token = ENV.fetch('TOKEN')",
        "c.refresh_token = Rails.application.credentials.google_ads[:refresh_token]",
        "c.send(:refresh_token=, 'a')",
        "c.client_id, c.refresh_token = 'a', 'b'",
        "unless false then c.refresh_token = 'a' end",
        "[1].each do\n    c.refresh_token = 'a'\n  end",
        "x = (\n  c.refresh_token = 'a')",
        "c.refresh_token = 'a'\n  c.refresh_token = 'b'",
    ] {
        let text = ruby_with(line);
        let before = ruby().read(&text).map(|contents| contents.credentials).unwrap_or_default();
        let refused = ruby().write(&text, &before.with(Field::RefreshToken, Some("1//0g-new")));
        assert!(refused.is_err(), "{line} became {}", refused.unwrap());
    }
}

#[test]
fn ruby_that_is_not_a_configuration_is_refused() {
    for text in [
        "puts 'hello'\n",
        "c = Google::Ads::GoogleAds::Config.new\nc.refresh_token = 'a'\nc\n",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = 'a'\n",
        "Google::Ads::GoogleAds::Config.new do |c| c.client_id = 'a' end\n",
        "if x\n  Google::Ads::GoogleAds::Config.new do |c|\n  end\nend\n",
    ] {
        assert!(ruby().write(text, &login("1//0g-new")).is_err(), "{text}");
    }
}

#[test]
pub fn ruby_with_braces_and_another_name_is_edited() {
    let text = "# mine\n\ncfg = Google::Ads::GoogleAds::Config.new { |it|\n\tit.log_level = 'WARN'\n}\n";
    let written = ruby().write(text, &login("1//0g-new")).unwrap();
    assert_eq!(
        difference(text, &written),
        [
            "+\tit.client_id = '987-new.apps.googleusercontent.com'",
            "+\tit.client_secret = 'GOCSPX-\\'\"\\\\<&>new'",
            "+\tit.refresh_token = '1//0g-new'",
        ]
    );
    let Some(read) = read_by_library(ruby(), &[written]) else { return };
    assert_reads(ruby(), &read[0], &login("1//0g-new"));
}

#[test]
fn a_commented_token_of_last_year_is_not_overwritten() {
    let text = ruby_with("# c.refresh_token = '1//0g-of-last-year'");
    let written = ruby().write(&text, &login("1//0g-new")).unwrap();
    assert!(written.contains("  # c.refresh_token = '1//0g-of-last-year'\n"));
}

#[test]
fn an_id_that_ruby_reads_as_octal_is_refused() {
    let credentials = Credentials { login_customer_id: CustomerId::exact("0123456701"), ..Credentials::default() };
    assert!(ruby().write("", &credentials).is_err());
    let contents = ruby().read(&ruby_with("c.login_customer_id = '0123456701'")).unwrap();
    assert_eq!(contents.diagnostics[0].code, DiagnosticCode::LeadingZero);
}

#[test]
fn a_conflict_over_several_lines_is_an_error() {
    let text = ruby_with("c.authentication = {\n    'type' => 'service_account',\n  }");
    assert_eq!(ruby().comment_out_others(&text, IdentityKind::User).unwrap_err().line, Some(2));
}
