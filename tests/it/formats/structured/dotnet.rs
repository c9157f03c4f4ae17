//! App.config and appsettings.json, with what else stands in them.

use gads_creds::credentials::{Credentials, Field};
use gads_creds::format::{DiagnosticCode, IdentityKind};
use gads_creds::secret::Secret;
use serde_json::json;

use super::{appsettings, complete, fixture, logged_in, login, xml};
use crate::harness::libraries::{assert_reads, read_by_library};

#[test]
fn hostile_xml_is_read_where_the_library_reads_it() {
    let text = fixture("dotnet/hostile.config");
    let contents = xml().read(&text).unwrap();
    assert_eq!(contents.credentials.client_id(), Some("a <client> ]]> --"));
    assert_eq!(contents.credentials.client_secret(), Some(&Secret::new("\"]]>")));
    assert_eq!(contents.credentials.refresh_token(), None);
    let diagnostics: Vec<_> =
        contents.diagnostics.iter().map(|diagnostic| (diagnostic.key.as_str(), diagnostic.line)).collect();
    assert_eq!(diagnostics, [("oauth2refreshtoken", 9), ("LoginCustomerId", 14), ("DeveloperToken", 15)]);
    let edit = xml().comment_out_others(&text, IdentityKind::User).unwrap();
    let written = logged_in(xml(), &edit.text, &complete());
    for foreign in ["of another case", "of a location", "in a text", "in a comment", "<!-- a > b -->"] {
        assert!(written.contains(foreign));
    }
    let Some(mut read) = read_by_library(xml(), &[written]) else { return };
    assert_reads(xml(), &read[0], &complete());
    assert_eq!(read[0]["OAuth2Mode"].take(), json!("APPLICATION"));
}

#[test]
fn xml_gets_the_section_it_lacks() {
    for text in [
        "<configuration />",
        "<configuration></configuration>\n",
        "<configuration>\n  <GoogleAdsApi/>\n</configuration>\n",
        "<configuration>\n  <GoogleAdsApi>\n  </GoogleAdsApi>\n</configuration>\n",
        "<configuration>\n  <!-- mine --><GoogleAdsApi kind='a'><!-- empty --></GoogleAdsApi>\n</configuration>\n",
        "<configuration>\n    <configSections/>\n    <startup/>\n</configuration>",
        "<configuration>\n    <configSections>\n        <section name='a' type='b'/>\n    </configSections>\n</configuration>",
        "<configuration>\n  <startup />\n</configuration>\n",
    ] {
        let written = logged_in(xml(), text, &complete());
        assert_eq!(logged_in(xml(), &written, &complete()), written);
        let Some(read) = read_by_library(xml(), std::slice::from_ref(&written)) else { return };
        assert_reads(xml(), &read[0], &complete());
        if !text.contains("GoogleAdsApi") {
            assert_eq!(written.matches("<section name=\"GoogleAdsApi\"").count(), 1);
        }
    }
    let text = "<configuration>\n    <startup />\n</configuration>\n";
    let credentials = Credentials::default().with(Field::ClientId, Some("a"));
    assert_eq!(
        xml().write(text, &credentials).unwrap(),
        "\
<configuration>
    <configSections>
        <section name=\"GoogleAdsApi\" type=\"System.Configuration.DictionarySectionHandler\" />
    </configSections>
    <startup />
    <GoogleAdsApi>
        <add key=\"OAuth2Mode\" value=\"APPLICATION\" />
        <add key=\"OAuth2ClientId\" value=\"a\" />
    </GoogleAdsApi>
</configuration>
"
    );
}

#[test]
fn xml_that_is_not_well_formed_or_means_something_else_is_refused() {
    for text in [
        "no xml",
        "<configuration>",
        "<configuration></other>",
        "<configuration/><configuration/>",
        "<configuration/> behind",
        "<packages/>",
        "<configuration><GoogleAdsApi><add key='a' value='&unknown;'/></GoogleAdsApi></configuration>",
        "<configuration><GoogleAdsApi><add key='a' key='b' value='c'/></GoogleAdsApi></configuration>",
        "<!DOCTYPE configuration [<!ENTITY a 'b'>]>\n<configuration/>",
        "<configuration><GoogleAdsApi configSource='ads.config' /></configuration>",
        "<configuration><GoogleAdsApi><add key='OAuth2RefreshToken' value='a'/>\n\
         <add key='OAuth2RefreshToken' value='b'/></GoogleAdsApi></configuration>",
    ] {
        let refused = xml().write(text, &login("1//0g-new"));
        assert!(refused.is_err(), "{text} became {}", refused.unwrap());
    }
}

#[test]
fn json_gets_the_section_it_lacks() {
    for text in [
        "{}",
        "{ }\n",
        "{\"AllowedHosts\":\"*\"}",
        "{\n\t\"AllowedHosts\": \"*\" // all\n}\n",
        "{\n  \"AllowedHosts\": \"*\", /* all */ // of them\n}\n",
        "{\n  \"GoogleAdsApi\": {}\n}\n",
        "{\n  \"GoogleAdsApi\": {\n    // nothing yet\n  }\n}\n",
        "{ \"GoogleAdsApi\": { \"Timeout\": 1, }, }",
        "{\n  \"GoogleAdsApi:Timeout\": \"1\",\n  \"GoogleAdsApi:OAuth2ClientId\": \"old\"\n}\n",
    ] {
        let written = logged_in(appsettings(), text, &complete());
        assert_eq!(logged_in(appsettings(), &written, &complete()), written);
        for comment in ["// all", "/* all */ // of them", "// nothing yet"] {
            assert_eq!(written.contains(comment), text.contains(comment), "{written}");
        }
        let strict = !text.contains(", }") && !text.contains("of them");
        assert!(!strict || !written.replace([' ', '\n', '\t'], "").contains(",}"), "{written}");
        let Some(mut read) = read_by_library(appsettings(), &[written]) else { return };
        if text.contains(':') && read[0].get("OAuth2ClientId").is_none() {
            read[0]["OAuth2ClientId"] = json!(complete().client_id());
        }
        assert_reads(appsettings(), &read[0], &complete());
    }
}

#[test]
fn a_key_in_another_case_is_reported_and_corrected() {
    let text = fixture("dotnet/hostile.json");
    let contents = appsettings().read(&text).unwrap();
    assert_eq!(contents.credentials.refresh_token(), None);
    assert_eq!(contents.credentials.developer_token, Some(Secret::new("by its path")));
    let found = contents.diagnostics.iter().find(|found| found.key == "oauth2refreshtoken").unwrap();
    let code = DiagnosticCode::MisspelledKey { expected: "OAuth2RefreshToken" };
    assert_eq!((found.line, found.field, &found.code), (6, Some(Field::RefreshToken), &code));
    let retired = appsettings().comment_out_others(&text, IdentityKind::User).unwrap().text;
    let written = logged_in(appsettings(), &retired, &login("1//0g-new"));
    assert!(written.contains("    \"OAuth2RefreshToken\": \"1//0g-new\","), "{written}");
    let Some(read) = read_by_library(appsettings(), &[written]) else { return };
    assert_eq!(read[0]["OAuth2RefreshToken"], json!("1//0g-new"));
    assert_eq!(read[0]["OAuth2Mode"], json!("APPLICATION"));
}
