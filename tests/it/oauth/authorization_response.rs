//! Which authorization responses are accepted: a table of what a browser, a hostile page and the clipboard may send.

use gads_creds::google::authorization_response::{
    AuthorizationResponse, Rejection, ResponseChecks, from_pasted, from_query,
};
use gads_creds::secret::Secret;
use proptest::prelude::*;
use url::{Url, form_urlencoded};

const STATE: &str = "Zm9yZ2VkLW5ldmVyLXRoaXMtc3RhdGU";

type Parsed = Result<AuthorizationResponse, Rejection>;

fn checks() -> ResponseChecks {
    ResponseChecks {
        redirect_uri: Url::parse("http://127.0.0.1:49152/callback").expect("a URL"),
        state: Secret::new(STATE),
        issuer: "https://accounts.google.com".to_owned(),
    }
}

/// The result for a query; `{state}` in it stands for the state of the login.
fn parsed(query: &str) -> Parsed {
    from_query(&query.replace("{state}", STATE), &checks())
}

fn pasted(text: &str) -> Parsed {
    from_pasted(&text.replace("{state}", STATE), &checks())
}

fn code(text: &str) -> Parsed {
    Ok(AuthorizationResponse::Code(Secret::new(text)))
}

fn error(code: &str, description: Option<&str>) -> Parsed {
    Ok(AuthorizationResponse::Error { code: code.to_owned(), description: description.map(str::to_owned) })
}

#[test]
fn a_code_with_the_state_of_the_login_is_accepted_and_decoded_exactly_once_as_a_form() {
    for (query, text) in [
        ("code=4%2F0AbC-d_e&state={state}", "4/0AbC-d_e"),
        ("code=4/0AbC-d_e&state={state}", "4/0AbC-d_e"),
        ("state={state}&code=a&scope=https://www.googleapis.com/auth/adwords", "a"),
        ("state={state}&code=a&iss=https://accounts.google.com", "a"),
        ("state={state}&code=a&iss=https%3A%2F%2Faccounts.google.com&authuser=0&prompt=consent&hd=example.com", "a"),
        ("state={state}&code=a&authuser=0&authuser=1", "a"),
        ("st%61te={state}&c%6Fde=a", "a"),
        ("&&state={state}&&code=a&", "a"),
        ("state={state}&code=a&error_description=x", "a"),
        ("code=a%252Fb&state={state}", "a%2Fb"),
        ("code=a%2Bb&state={state}", "a+b"),
        ("code=a+b&state={state}", "a b"),
        ("code=a%zz&state={state}", "a%zz"),
        ("code=a=b&state={state}", "a=b"),
        ("code=a%26state%3Dx&state={state}", "a&state=x"),
    ] {
        assert_eq!(parsed(query), code(text), "{query}");
    }
}

#[test]
fn nothing_counts_without_the_state_of_the_login() {
    for (query, why) in [
        ("", Rejection::NoState),
        ("code=a", Rejection::NoState),
        ("error=access_denied", Rejection::NoState),
        ("code=a&State={state}", Rejection::NoState),
        ("code=a&state[]={state}", Rejection::NoState),
        ("code=a&state", Rejection::OtherState),
        ("code=a&state=", Rejection::OtherState),
        ("code=a&state=x", Rejection::OtherState),
        ("code=a&state={state}x", Rejection::OtherState),
        ("code=a&state=x{state}", Rejection::OtherState),
        ("code=a&state={state}%00", Rejection::OtherState),
        ("code=a&state=+{state}", Rejection::OtherState),
        ("code=a&state=Zm9yZ2VkLW5ldmVyLXRoaXMtc3RhdGV", Rejection::OtherState),
        ("error=access_denied&state=x", Rejection::OtherState),
        ("error=access_denied&state=", Rejection::OtherState),
        ("code=a&state=x&state={state}", Rejection::RepeatedParameter),
        ("code=a&state={state}&state={state}", Rejection::RepeatedParameter),
        ("code=a&state={state}&st%61te={state}", Rejection::RepeatedParameter),
        ("code=a;state={state}", Rejection::NoState),
    ] {
        assert_eq!(parsed(query), Err(why), "{query}");
    }
}

#[test]
fn a_state_with_one_changed_character_is_another_state() {
    for at in 0..STATE.len() {
        let mut state = STATE.to_owned();
        state.replace_range(at..=at, "!");
        assert_eq!(parsed(&format!("code=a&state={state}")), Err(Rejection::OtherState), "{at}");
    }
}

#[test]
fn contradictions_are_rejected() {
    for (query, why) in [
        ("state={state}", Rejection::NoCodeOrError),
        ("state={state}&code=a&error=access_denied", Rejection::CodeAndError),
        ("state={state}&code=&error=", Rejection::CodeAndError),
        ("state={state}&code=", Rejection::InvalidCode),
        ("state={state}&code", Rejection::InvalidCode),
        ("state={state}&error=", Rejection::EmptyError),
        ("state={state}&code=a&code=a", Rejection::RepeatedParameter),
        ("state={state}&error=a&error=b", Rejection::RepeatedParameter),
        ("state={state}&error=a&error_description=b&error_description=c", Rejection::RepeatedParameter),
        ("state={state}&error=a&error_uri=b&error_uri=c", Rejection::RepeatedParameter),
        ("state={state}&code=a&scope=b&scope=b", Rejection::RepeatedParameter),
        (
            "state={state}&code=a&iss=https://accounts.google.com&iss=https://accounts.google.com",
            Rejection::RepeatedParameter,
        ),
    ] {
        assert_eq!(parsed(query), Err(why), "{query}");
    }
}

#[test]
fn another_issuer_is_rejected_for_code_and_error() {
    for issuer in [
        "",
        "https://accounts.google.com/",
        "https://accounts.google.com:443",
        "HTTPS://accounts.google.com",
        "http://accounts.google.com",
        "accounts.google.com",
        "https://evil.example",
        "https://accounts.google.com.evil.example",
    ] {
        for rest in ["code=a", "error=access_denied"] {
            let result = parsed(&format!("state={{state}}&{rest}&iss={issuer}"));
            assert_eq!(result, Err(Rejection::OtherIssuer), "{issuer}");
        }
    }
}

#[test]
fn codes_with_invalid_characters_are_rejected() {
    for bad in
        ["a%00", "a%0A", "%0d%0a", "a%1b[2J", "a%7f", "a%ff", "%c3%28", "a%C3%A9", "a\u{e9}", "%E2%80%AE", "a%EF%BF%BD"]
    {
        let result = parsed(&format!("state={{state}}&code={bad}"));
        assert_eq!(result, Err(Rejection::InvalidCode), "{bad}");
    }
}

#[test]
fn lengths_are_limited() {
    let with = |length: usize| parsed(&format!("state={{state}}&code={}", "a".repeat(length)));
    assert_eq!(with(2048), code(&"a".repeat(2048)));
    assert_eq!(with(2049), Err(Rejection::InvalidCode));
    assert_eq!(with(20_000), Err(Rejection::TooLong));
    let beside = |length: usize| parsed(&format!("state={{state}}&code=a&x={}", "b".repeat(length)));
    assert_eq!(beside(16_000), code("a"));
    assert_eq!(beside(17_000), Err(Rejection::TooLong));
    assert_eq!(pasted(&"a".repeat(17_000)), Err(Rejection::TooLong));
}

#[test]
fn an_error_with_the_state_of_the_login_is_accepted() {
    assert_eq!(parsed("error=access_denied&state={state}"), error("access_denied", None));
    assert_eq!(parsed("error=access_denied&error_description=&state={state}"), error("access_denied", None));
    assert_eq!(
        parsed("error=server_error&error_description=try+it%20later&state={state}&iss=https://accounts.google.com"),
        error("server_error", Some("try it later"))
    );
}

#[test]
fn texts_of_an_error_are_escaped_and_cut() {
    let result = parsed("error=a%1b%5D8%3B%3B&error_description=b%0Ac%E2%80%AEd%ff&state={state}");
    assert_eq!(result, error("a\\u{1b}]8;;", Some("b\\nc\\u{202e}d\u{fffd}")));
    let Ok(AuthorizationResponse::Error { code, description }) =
        parsed(&format!("state={{state}}&error={}&error_description={}", "e".repeat(5000), "d".repeat(5000)))
    else {
        panic!("it is an error response");
    };
    assert!(code.len() < 400 && description.is_some_and(|text| text.len() < 400));
}

#[test]
fn a_code_is_not_shown_by_debug() {
    assert_eq!(format!("{:?}", parsed("code=planted&state={state}")), "Ok(Code([redacted]))");
}

#[test]
fn pasted_urls_and_queries_are_accepted() {
    for text in [
        "http://127.0.0.1:49152/callback?code=4%2F0a&state={state}",
        "  http://127.0.0.1:49152/callback?code=4%2F0a&state={state}\r\n",
        "\"http://127.0.0.1:49152/callback?code=4%2F0a&state={state}\"",
        "'http://127.0.0.1:49152/callback?code=4%2F0a&state={state}'",
        "<http://127.0.0.1:49152/callback?code=4%2F0a&state={state}>",
        "HTTP://127.0.0.1:49152/callback?code=4%2F0a&state={state}",
        "http://127.0.0.1:49152/callback?code=4%2F0a&state={state}#",
        "http://127.0.0.1:49152/callback?state={state}&iss=https://accounts.google.com&code=4/0a&scope=https://www.googleapis.com/auth/adwords",
        "?code=4%2F0a&state={state}",
        "code=4%2F0a&state={state}",
        "state={state}&iss=https://accounts.google.com&code=4/0a&scope=https://www.googleapis.com/auth/adwords#",
    ] {
        assert_eq!(pasted(text), code("4/0a"), "{text}");
    }
    let denied = "http://127.0.0.1:49152/callback?error=access_denied&state={state}";
    assert_eq!(pasted(denied), error("access_denied", None));
}

#[test]
fn a_pasted_url_may_be_escaped_once_more_or_be_inside_another() {
    let url = format!("http://127.0.0.1:49152/callback?state={STATE}&code=4/0a&scope=b");
    let encoded: String = form_urlencoded::byte_serialize(url.as_bytes()).collect();
    for text in [
        url.replace('&', "\\u0026"),
        url.replace('&', "^&"),
        url.replace('&', "\\&"),
        url.replace('?', "\\?").replace('=', "\\=").replace('&', "\\&"),
        url.replace("http://127.0.0.1:49152", ""),
        format!("https://eur01.safelinks.protection.outlook.com/?url={encoded}&data=05&reserved=0"),
        format!("https://www.google.com/url?sa=t&q={encoded}&ust=1"),
    ] {
        assert_eq!(pasted(&text), code("4/0a"), "{text}");
        let other = text.replace(STATE, "another");
        assert!(pasted(&other).is_err(), "{other}");
    }
    let elsewhere = encoded.replace("127.0.0.1", "evil.example");
    assert_eq!(pasted(&format!("https://www.google.com/url?q={elsewhere}")), Err(Rejection::OtherUrl));
}

#[test]
fn a_pasted_url_must_be_exactly_the_redirect_uri() {
    for address in [
        "http://localhost:49152/callback",
        "http://[::1]:49152/callback",
        "http://127.0.0.1:49153/callback",
        "http://127.0.0.1/callback",
        "https://127.0.0.1:49152/callback",
        "http://127.0.0.1:49152/",
        "http://127.0.0.1:49152/callback/",
        "http://127.0.0.1:49152/Callback",
        "http://127.0.0.1:49152/x/callback",
        "http://user@127.0.0.1:49152/callback",
        "http://:x@127.0.0.1:49152/callback",
        "http://127.0.0.1:49152@evil.example/callback",
        "http://127.0.0.1.evil.example:49152/callback",
        "https://evil.example/o/oauth2/v2/auth",
    ] {
        let result = pasted(&format!("{address}?code=a&state={{state}}"));
        assert_eq!(result, Err(Rejection::OtherUrl), "{address}");
    }
}

#[test]
fn a_pasted_url_of_a_web_client_may_have_a_query_and_any_host() {
    let checks = ResponseChecks {
        redirect_uri: Url::parse("https://ads.example.com/oauth2/callback?from=google").expect("a URL"),
        ..checks()
    };
    let text = format!("https://ads.example.com/oauth2/callback?from=google&code=a&state={STATE}");
    assert_eq!(from_pasted(&text, &checks), code("a"));
}

#[test]
fn each_pasting_mistake_is_named() {
    for (text, why) in [
        ("", Rejection::NotAUrl),
        ("\"\"", Rejection::NotAUrl),
        ("y", Rejection::NotAUrl),
        ("code=a", Rejection::Truncated),
        ("http://127.0.0.1:49152/callback", Rejection::Truncated),
        ("http://127.0.0.1:49152/callback#code=a&state={state}", Rejection::Truncated),
        ("http://127.0.0.1:49152/callback?code=a", Rejection::Truncated),
        ("http://127.0.0.1:49152/callback?state={state}&code", Rejection::Truncated),
        ("http://127.0.0.1:49152/callback?state={state}&code=", Rejection::Truncated),
        ("http://127.0.0.1:49152/callback?state={state}&error=", Rejection::Truncated),
        ("http://127.0.0.1:49152/callback?state={state}", Rejection::Truncated),
        ("http://127.0.0.1:49152/callback?code=a&state=Zm9yZ2VkLW5l", Rejection::Truncated),
        ("http://127.0.0.1:49152/callback?code=a&amp;state={state}", Rejection::HtmlEscaped),
        ("http://127.0.0.1:49152/callback?state={state}&amp;code=a", Rejection::HtmlEscaped),
        ("4/0AbC", Rejection::OnlyCode),
        ("4%2F0AbC", Rejection::OnlyCode),
        ("code=a&state=x", Rejection::OtherState),
        ("http://127.0.0.1:49152/callback?code=a&state=another", Rejection::OtherState),
        ("http://127.0.0.1:9/callback?code=a&state=another", Rejection::OtherState),
        ("http://localhost:49152/callback?code=a&state={state}", Rejection::OtherUrl),
        ("https://accounts.google.com/o/oauth2/v2/auth?client_id=a&state={state}", Rejection::ConsentPage),
        ("https://accounts.google.com/signin/oauth/consent?authuser=0", Rejection::ConsentPage),
        ("http://", Rejection::NotAUrl),
        ("http://[/callback?code=a&state={state}", Rejection::NotAUrl),
        ("http:XN--\u{200f}/?code=a&state={state}", Rejection::NotAUrl),
        ("https://%C3%A9A/?code=a&state={state}", Rejection::NotAUrl),
        ("javascript:x&code=a&state=x", Rejection::OtherState),
        ("127.0.0.1:49152/callback?code=a&state={state}", Rejection::NoBeginning),
        ("http://127.0.0.1:49152/callback?code=a &state={state}", Rejection::Spaces),
        ("code=a\n&state={state}", Rejection::Spaces),
    ] {
        assert_eq!(pasted(text), Err(why), "{text}");
        let next_step = why.next_step(&checks());
        let names_start = next_step.contains("`http://127.0.0.1:49152/callback?`");
        assert!(names_start && !next_step.contains(STATE), "{next_step}");
    }
}

/// Generates a parameter as a browser, or anything else, might write it.
fn parameter() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("state"),
        Just("code"),
        Just("error"),
        Just("iss"),
        Just("scope"),
        Just("error_description"),
        Just("st%61te"),
        Just("x")
    ];
    let value = prop_oneof![
        Just(STATE.to_owned()),
        Just("https://accounts.google.com".to_owned()),
        Just(String::new()),
        "[a-zA-Z0-9%+/=._-]{0,40}",
        "\\PC{0,10}",
    ];
    (name, value).prop_map(|(name, value)| format!("{name}={value}"))
}

proptest! {
    #[test]
    fn no_text_is_accepted_or_makes_it_panic(text in "(?s).{0,200}") {
        prop_assert!(from_query(&text, &checks()).is_err());
        prop_assert!(from_pasted(&text, &checks()).is_err());
    }

    #[test]
    fn an_accepted_response_has_the_state_once_and_one_result(parameters in prop::collection::vec(parameter(), 0..6)) {
        let query = parameters.join("&");
        let values = |name: &str| -> Vec<String> {
            let pairs = form_urlencoded::parse(query.as_bytes());
            pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
        };
        match from_query(&query, &checks()) {
            Ok(AuthorizationResponse::Code(code)) => {
                prop_assert_eq!(values("state"), [STATE]);
                prop_assert_eq!(values("code"), [code.expose()]);
                prop_assert!(values("error").is_empty());
                prop_assert!(values("iss").iter().all(|issuer| issuer == "https://accounts.google.com"));
            }
            Ok(AuthorizationResponse::Error { .. }) => {
                prop_assert_eq!(values("state"), [STATE]);
                prop_assert_eq!(values("error").len(), 1);
                prop_assert!(values("code").is_empty());
            }
            Err(_) => {}
        }
    }

    #[test]
    fn every_code_is_returned_as_google_sends_it(text in "[ -~]{1,100}") {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("state", STATE).append_pair("code", &text).finish();
        prop_assert_eq!(from_query(&query, &checks()), code(&text));
        let address = format!("http://127.0.0.1:49152/callback?{query}");
        prop_assert_eq!(from_pasted(&address, &checks()), code(&text));
    }
}
