//! A user's token and the key of a service account in one file: every command says which of them is used.

use super::case::Case;

/// A file with both, and what every command prints of it. Where the library rejects both, none is.
const BOTH: &[(&str, &str, &str)] = &[
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\nrefresh_token: <TOKEN>\njson_key_file_path: /k.json\n",
        "`json_key_file_path` is for a service account, but the refresh token is used",
    ),
    (
        "ads.properties",
        "api.googleads.clientId=<CLIENT>\napi.googleads.clientSecret=<SECRET>\napi.googleads.refreshToken=<TOKEN>\napi.googleads.serviceAccountSecretsPath=/k.json\n",
        "`api.googleads.serviceAccountSecretsPath` switches on a service account, and the library rejects a file with both",
    ),
    (
        "google_ads_php.ini",
        "[OAUTH2]\nclientId = \"<CLIENT>\"\nclientSecret = \"<SECRET>\"\nrefreshToken = \"<TOKEN>\"\njsonKeyFilePath = \"/k.json\"\n",
        "`jsonKeyFilePath` switches on a service account, and the library rejects a file with both",
    ),
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = '<CLIENT>'\n  c.client_secret = '<SECRET>'\n  c.refresh_token = '<TOKEN>'\n  c.keyfile = '/k.json'\nend\n",
        "`keyfile` switches on a service account, which is used instead of the refresh token",
    ),
    (
        "googleads.properties",
        "clientId=<CLIENT>\nclientSecret=<SECRET>\nrefreshToken=<TOKEN>\njsonKeyFilePath=/k.json\n",
        "`jsonKeyFilePath` is for a service account, but the refresh token is used",
    ),
    (
        "appsettings.json",
        "{\"GoogleAdsApi\": {\"OAuth2ClientId\": \"<CLIENT>\", \"OAuth2ClientSecret\": \"<SECRET>\", \"OAuth2RefreshToken\": \"<TOKEN>\", \"OAuth2SecretsJsonPath\": \"/k.json\"}}\n",
        "`OAuth2SecretsJsonPath` is for a service account, but the refresh token is used",
    ),
    (
        "appsettings.json",
        "{\"GoogleAdsApi\": {\"OAuth2Mode\": \"SERVICE_ACCOUNT\", \"OAuth2ClientId\": \"<CLIENT>\", \"OAuth2ClientSecret\": \"<SECRET>\", \"OAuth2RefreshToken\": \"<TOKEN>\"}}\n",
        "`OAuth2Mode` switches on a service account, which is used instead of the refresh token",
    ),
    (
        ".env",
        "GOOGLE_ADS_USE_PROTO_PLUS=True\nGOOGLE_ADS_CLIENT_ID=<CLIENT>\nGOOGLE_ADS_CLIENT_SECRET=<SECRET>\nGOOGLE_ADS_REFRESH_TOKEN=<TOKEN>\nGOOGLE_ADS_JSON_KEY_FILE_PATH=/k.json\n",
        "`GOOGLE_ADS_JSON_KEY_FILE_PATH` switches on a service account, and the library rejects a file with both",
    ),
    (
        "secrets.toml",
        "[sources.google_ads]\ndev_token = \"a-developer-token\"\ncustomer_id = \"1234567890\"\nimpersonated_email = \"\"\n[sources.google_ads.credentials]\nproject_id = \"p\"\nclient_id = \"<CLIENT>\"\nclient_secret = \"<SECRET>\"\nrefresh_token = \"<TOKEN>\"\nprivate_key = \"x\"\n",
        "`private_key` is for a service account, but the refresh token is used",
    ),
];

#[test]
fn every_command_says_which_of_a_token_and_a_key_is_used() {
    let mut faults = Vec::new();
    for (file, text, fact) in BOTH {
        let case = Case::new(file, text);
        let doctor = i32::from(!fact.ends_with("but the refresh token is used"));
        faults.extend(case.faults(fact, 0, doctor).iter().map(|fault| format!("{file}: {fault}\n{text}")));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
}
