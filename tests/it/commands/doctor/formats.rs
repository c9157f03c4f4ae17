//! Every format is checked as its own library would read it.

use super::{diagnose, examine};
use crate::sandbox::Sandbox;

const ID: &str = "1234567890-abc.apps.googleusercontent.com";
const SECRET: &str = "GOCSPX-a-planted-client-secret";
const TOKEN: &str = "1//0a-planted-refresh-token";

/// File name, content (`@id`, `@secret`, `@token` stand for valid values), exit code, first line, and the line below
/// it.
type Situation = (&'static str, &'static str, i32, &'static str, &'static str);

const SITUATIONS: &[Situation] = &[
    (
        "ads.properties",
        "api.googleads.clientId=@id\napi.googleads.clientSecret=@secret\napi.googleads.refreshToken=@token\napi.googleads.loginCustomerId=\n",
        1,
        "fail  customer IDs: line 4: `api.googleads.loginCustomerId` is empty, and the library fails on that",
        "remove `api.googleads.loginCustomerId` from line 4 of",
    ),
    (
        "ads.properties",
        "api.googleads.clientId=@id\napi.googleads.clientSecret=@secret\napi.googleads.refreshToken=\n",
        3,
        "fail  token: there is no refresh token in",
        "run `gads-creds login --config",
    ),
    (
        "ads.properties",
        "api.googleads.clientId=@id\napi.googleads.clientSecret=@secret\napi.googleads.refreshToken=@token\napi.googleads.serviceAccountSecretsPath=/k.json\n",
        1,
        "fail  kinds of credential: line 4: `api.googleads.serviceAccountSecretsPath`",
        "--replace-kind",
    ),
    (
        "google_ads_php.ini",
        "clientId = \"@id\"\nclientSecret = \"@secret\"\nrefreshToken = \"@token\"\n",
        3,
        "fail  `refreshToken` is not in section `[OAUTH2]`",
        "run `gads-creds login",
    ),
    (
        "google_ads_php.ini",
        "[OAUTH2]\nclientId = \"@id\"\nclientSecret = \"@secret\"\nrefreshToken = null\n",
        3,
        "fail  token: there is no refresh token in",
        "run `gads-creds login",
    ),
    (
        "google_ads_php.ini",
        "[OAUTH2]\nclientId = \"@id\"\nclientSecret = \"@secret\"\nrefreshToken = \"INSERT_OAUTH2_REFRESH_TOKEN_HERE\"\n",
        3,
        "fail  placeholders: 1 left; line 4: `refreshToken`",
        "run `gads-creds login",
    ),
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = '@id'\n  c.client_secret = '@secret'\n  c.refresh_token = '@token'\n  c.use_application_default_credentials = 'false'\nend\n",
        1,
        "fail  kinds of credential: line 5: `use_application_default_credentials` switches on",
        "--replace-kind",
    ),
    (
        "googleads.properties",
        "clientId=@id\nclientSecret=@secret\nrefreshToken=4/0Aan-authorization-code",
        4,
        "fail  token: what is stored as the refresh token in … is an authorization code",
        "run `gads-creds login",
    ),
    (
        "App.config",
        "<configuration><GoogleAdsApi>\n<add key=\"OAuth2ClientId\" value=\"@id\"/>\n<add key=\"OAuth2ClientSecret\" value=\"@secret\"/>\n<add key=\"OAuth2RefreshToken\" value=\"@token\"/>\n<add key=\"OAuth2Mode\" value=\"SERVICE_ACCOUNT\"/>\n</GoogleAdsApi></configuration>\n",
        1,
        "fail  kinds of credential: line 5: `OAuth2Mode` switches on a service account",
        "--replace-kind",
    ),
    (
        "appsettings.json",
        "{\"GoogleAdsApi\": {\"OAuth2ClientId\": \"@id\", \"OAuth2ClientSecret\": \"@secret\",\n\"OAuth2RefreshToken\": \"@token\", \"LoginCustomerId\": \"123-456-7890\"}}\n",
        1,
        "fail  customer IDs: line 2: `LoginCustomerId` is not ten digits",
        "digits of a customer ID, without dashes, on line 2 of",
    ),
    (
        "appsettings.json",
        "{\"GoogleAdsApi\": {\"OAuth2ClientId\": \"@id\", \"OAuth2ClientSecret\": \"@secret\", \"OAuth2Mode\": \"APPLICATION\",\n\"OAuth2RefreshToken\": \"@token\", \"OAuth2RefreshToken\": \"@token\"}}\n",
        1,
        "fail  readable by its library: line 2: `OAuth2RefreshToken` is in the file twice",
        "remove `OAuth2RefreshToken` from line 2 of",
    ),
    (
        ".env",
        "GOOGLE_ADS_CLIENT_ID=@id\nGOOGLE_ADS_CLIENT_SECRET=@secret\nGOOGLE_ADS_REFRESH_TOKEN=\n",
        3,
        "fail  token: there is no refresh token in",
        "run `gads-creds login",
    ),
    (
        "google-ads.yaml",
        "adwords:\n  client_id: @id\n  refresh_token: @token\n",
        3,
        "fail  location: there is no",
        "run `gads-creds login",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: @id\nclient_secret: @secret\nrefresh_token:\n",
        3,
        "fail  `refresh_token` has no value",
        "run `gads-creds login",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: @id\nclient_secret: @secret\nrefresh_token: @token\nrefresh_token: @token\n",
        0,
        "warn  readable by its library: line 5: `refresh_token` is set on line 4 as well",
        "remove one of the lines 4 and 5 of",
    ),
    ("google-ads.yaml", "# nothing yet\n", 3, "fail  location: there is no", "run `gads-creds login"),
    ("google-ads.yaml", "just text\n", 1, "fail  location: ", "google-ads.yaml"),
];

#[test]
fn a_file_is_judged_as_its_library_reads_it() {
    let sandbox = Sandbox::new();
    for secret in [SECRET, TOKEN] {
        sandbox.plant(secret);
    }
    for (name, content, code, line, next) in SITUATIONS {
        let content = content.replace("@id", ID).replace("@secret", SECRET).replace("@token", TOKEN);
        let path = sandbox.write(name, content);
        diagnose(&sandbox, &["--offline", "--config", path.to_str().expect("a plain path")], *code, line, next);
    }
}

#[test]
fn the_file_that_php_finds_first_is_named() {
    let sandbox = Sandbox::new();
    let good = format!("[OAUTH2]\nclientId = \"{ID}\"\nclientSecret = \"{SECRET}\"\nrefreshToken = \"{TOKEN}\"\n");
    sandbox.write("google_ads_php.ini", &good);
    sandbox.write("elsewhere/google_ads_php.ini", &good);
    let run = sandbox.command(&["doctor", "--offline", "--format", "php"]).directory("elsewhere").observe();
    examine(
        &run,
        0,
        "warn  other locations: `google_ads_php.ini` in the current directory comes before",
        "remove one of them",
    );
}
