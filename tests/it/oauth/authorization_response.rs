//! Which addresses end a login: the table of what a browser, a page that wants in and a person's clipboard send.

use gads_creds::google::authorization_response::{Answer, Expected, from_pasted, from_query};
use gads_creds::secret::Secret;
use proptest::prelude::*;
use url::{Url, form_urlencoded};

const STATE: &str = "Zm9yZ2VkLW5ldmVyLXRoaXMtc3RhdGU";
const NOT_THE_STATE: &str = "its `state` is not the one of this login";

fn expected() -> Expected {
    Expected {
        redirect: Url::parse("http://127.0.0.1:49152/callback").expect("an address"),
        state: Secret::new(STATE),
        issuer: "https://accounts.google.com".to_owned(),
    }
}

/// What a query says; `{state}` in it stands for the true state.
fn says(query: &str) -> Answer {
    from_query(&query.replace("{state}", STATE), &expected())
}

fn pasted(text: &str) -> Answer {
    from_pasted(&text.replace("{state}", STATE), &expected())
}

fn code(text: &str) -> Answer {
    Answer::Code(Secret::new(text))
}

fn refused(error: &str, description: Option<&str>) -> Answer {
    Answer::Refused { error: error.to_owned(), description: description.map(str::to_owned) }
}

#[test]
fn code_with_the_true_state_is_the_answer() {
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
    ] {
        assert_eq!(says(query), code(text), "{query}");
    }
}

#[test]
fn code_is_decoded_exactly_once_and_as_a_form() {
    for (query, text) in [
        ("code=a%252Fb&state={state}", "a%2Fb"),
        ("code=a%2Bb&state={state}", "a+b"),
        ("code=a+b&state={state}", "a b"),
        ("code=a%zz&state={state}", "a%zz"),
        ("code=a=b&state={state}", "a=b"),
        ("code=a%26state%3Dx&state={state}", "a&state=x"),
    ] {
        assert_eq!(says(query), code(text), "{query}");
    }
}

#[test]
fn nothing_is_believed_without_the_true_state() {
    for (query, why) in [
        ("", "it has no `state`"),
        ("code=a", "it has no `state`"),
        ("error=access_denied", "it has no `state`"),
        ("code=a&State={state}", "it has no `state`"),
        ("code=a&state[]={state}", "it has no `state`"),
        ("code=a&state", NOT_THE_STATE),
        ("code=a&state=", NOT_THE_STATE),
        ("code=a&state=x", NOT_THE_STATE),
        ("code=a&state={state}x", NOT_THE_STATE),
        ("code=a&state=x{state}", NOT_THE_STATE),
        ("code=a&state={state}%00", NOT_THE_STATE),
        ("code=a&state=+{state}", NOT_THE_STATE),
        ("code=a&state=Zm9yZ2VkLW5ldmVyLXRoaXMtc3RhdGV", NOT_THE_STATE),
        ("error=access_denied&state=x", NOT_THE_STATE),
        ("error=access_denied&state=", NOT_THE_STATE),
        ("code=a&state=x&state={state}", "a parameter stands in it twice"),
        ("code=a&state={state}&state={state}", "a parameter stands in it twice"),
        ("code=a&state={state}&st%61te={state}", "a parameter stands in it twice"),
        ("code=a;state={state}", "it has no `state`"),
    ] {
        assert_eq!(says(query), Answer::NotOurs(why), "{query}");
    }
}

#[test]
fn state_with_one_changed_character_is_another_state() {
    for at in 0..STATE.len() {
        let mut state = STATE.to_owned();
        state.replace_range(at..=at, "!");
        assert_eq!(says(&format!("code=a&state={state}")), Answer::NotOurs(NOT_THE_STATE), "{at}");
    }
}

#[test]
fn contradictions_are_not_ours() {
    for (query, why) in [
        ("state={state}", "it has neither a `code` nor an `error`"),
        ("state={state}&code=a&error=access_denied", "it has both a `code` and an `error`"),
        ("state={state}&code=&error=", "it has both a `code` and an `error`"),
        ("state={state}&code=", "its `code` is empty"),
        ("state={state}&code", "its `code` is empty"),
        ("state={state}&error=", "its `error` is empty"),
        ("state={state}&code=a&code=a", "a parameter stands in it twice"),
        ("state={state}&error=a&error=b", "a parameter stands in it twice"),
        ("state={state}&error=a&error_description=b&error_description=c", "a parameter stands in it twice"),
        ("state={state}&error=a&error_uri=b&error_uri=c", "a parameter stands in it twice"),
        ("state={state}&code=a&scope=b&scope=b", "a parameter stands in it twice"),
        (
            "state={state}&code=a&iss=https://accounts.google.com&iss=https://accounts.google.com",
            "a parameter stands in it twice",
        ),
    ] {
        assert_eq!(says(query), Answer::NotOurs(why), "{query}");
    }
}

#[test]
fn another_issuer_is_not_ours_for_code_and_error() {
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
            let answer = says(&format!("state={{state}}&{rest}&iss={issuer}"));
            assert_eq!(answer, Answer::NotOurs("its `iss` is not who was asked"), "{issuer}");
        }
    }
}

#[test]
fn codes_with_impossible_characters_are_not_ours() {
    for bad in
        ["a%00", "a%0A", "%0d%0a", "a%1b[2J", "a%7f", "a%ff", "%c3%28", "a%C3%A9", "a\u{e9}", "%E2%80%AE", "a%EF%BF%BD"]
    {
        let answer = says(&format!("state={{state}}&code={bad}"));
        assert_eq!(answer, Answer::NotOurs("its `code` has characters that no code has"), "{bad}");
    }
}

#[test]
fn lengths_are_bounded() {
    let with = |length: usize| says(&format!("state={{state}}&code={}", "a".repeat(length)));
    assert_eq!(with(2048), code(&"a".repeat(2048)));
    assert_eq!(with(2049), Answer::NotOurs("its `code` is too long"));
    assert_eq!(with(20_000), Answer::NotOurs("it is too long"));
    let beside = |length: usize| says(&format!("state={{state}}&code=a&x={}", "b".repeat(length)));
    assert_eq!(beside(16_000), code("a"));
    assert_eq!(beside(17_000), Answer::NotOurs("it is too long"));
    assert_eq!(pasted(&"a".repeat(17_000)), Answer::NotOurs("it is too long"));
}

#[test]
fn refusal_with_the_true_state_is_the_answer() {
    assert_eq!(says("error=access_denied&state={state}"), refused("access_denied", None));
    assert_eq!(says("error=access_denied&error_description=&state={state}"), refused("access_denied", None));
    assert_eq!(
        says("error=server_error&error_description=try+it%20later&state={state}&iss=https://accounts.google.com"),
        refused("server_error", Some("try it later"))
    );
}

#[test]
fn texts_of_a_refusal_cannot_steer_a_terminal() {
    let answer = says("error=a%1b%5D8%3B%3B&error_description=b%0Ac%E2%80%AEd%ff&state={state}");
    assert_eq!(answer, refused("a\\u{1b}]8;;", Some("b\\nc\\u{202e}d\u{fffd}")));
    let Answer::Refused { error, description } =
        says(&format!("state={{state}}&error={}&error_description={}", "e".repeat(5000), "d".repeat(5000)))
    else {
        panic!("it is a refusal");
    };
    assert!(error.len() < 400 && description.is_some_and(|text| text.len() < 400));
}

#[test]
fn code_is_not_shown_by_debug() {
    assert_eq!(format!("{:?}", says("code=planted&state={state}")), "Code([redacted])");
}

#[test]
fn pasted_addresses_and_queries_are_read() {
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
    assert_eq!(pasted(denied), refused("access_denied", None));
}

#[test]
fn pasted_address_must_be_the_redirect_to_the_letter() {
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
        "https://accounts.google.com/o/oauth2/v2/auth",
    ] {
        let answer = pasted(&format!("{address}?code=a&state={{state}}"));
        let why = "it is another address than the one the browser is sent back to";
        assert_eq!(answer, Answer::NotOurs(why), "{address}");
    }
}

#[test]
fn pasted_address_of_a_web_client_may_have_a_query_and_any_host() {
    let expected = Expected {
        redirect: Url::parse("https://ads.example.com/oauth2/callback?from=google").expect("an address"),
        ..expected()
    };
    let text = format!("https://ads.example.com/oauth2/callback?from=google&code=a&state={STATE}");
    assert_eq!(from_pasted(&text, &expected), code("a"));
}

#[test]
fn pasted_odds_and_ends_are_not_ours() {
    for (text, why) in [
        ("", "it has no `state`"),
        ("\"\"", "it has no `state`"),
        ("4/0AbC", "it has no `state`"),
        ("y", "it has no `state`"),
        ("code=a", "it has no `state`"),
        ("http://127.0.0.1:49152/callback", "it has no `state`"),
        ("http://127.0.0.1:49152/callback#code=a&state={state}", "it has no `state`"),
        ("code=a&state=x", NOT_THE_STATE),
        ("http://", "it is not an address"),
        ("http://[/callback?code=a&state={state}", "it is not an address"),
        ("javascript:x&code=a&state=x", NOT_THE_STATE),
        (
            "127.0.0.1:49152/callback?code=a&state={state}",
            "its beginning is missing: paste the whole address, from `http` on",
        ),
        (
            "http://127.0.0.1:49152/callback?code=a &state={state}",
            "there are blanks in it: paste the whole address, in one line",
        ),
        ("code=a\n&state={state}", "there are blanks in it: paste the whole address, in one line"),
    ] {
        assert_eq!(pasted(text), Answer::NotOurs(why), "{text}");
    }
}

/// A parameter as a browser, or somebody who is none, might write it.
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
    fn no_text_makes_it_panic_or_answer(text in "(?s).{0,200}") {
        prop_assert!(matches!(from_query(&text, &expected()), Answer::NotOurs(_)));
        prop_assert!(matches!(from_pasted(&text, &expected()), Answer::NotOurs(_)));
    }

    #[test]
    fn an_answer_has_the_true_state_once_and_one_result(parameters in prop::collection::vec(parameter(), 0..6)) {
        let query = parameters.join("&");
        let values = |name: &str| -> Vec<String> {
            let pairs = form_urlencoded::parse(query.as_bytes());
            pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
        };
        match from_query(&query, &expected()) {
            Answer::Code(code) => {
                prop_assert_eq!(values("state"), [STATE]);
                prop_assert_eq!(values("code"), [code.expose()]);
                prop_assert!(values("error").is_empty());
                prop_assert!(values("iss").iter().all(|issuer| issuer == "https://accounts.google.com"));
            }
            Answer::Refused { .. } => {
                prop_assert_eq!(values("state"), [STATE]);
                prop_assert_eq!(values("error").len(), 1);
                prop_assert!(values("code").is_empty());
            }
            Answer::NotOurs(_) => {}
        }
    }

    #[test]
    fn every_code_comes_through_as_google_sends_it(text in "[ -~]{1,100}") {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("state", STATE).append_pair("code", &text).finish();
        prop_assert_eq!(from_query(&query, &expected()), code(&text));
        let address = format!("http://127.0.0.1:49152/callback?{query}");
        prop_assert_eq!(from_pasted(&address, &expected()), code(&text));
    }
}
