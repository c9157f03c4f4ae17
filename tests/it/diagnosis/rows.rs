//! One file for each finding about a line. `<CLIENT>`, `<SECRET>` and `<TOKEN>` stand for values that work.

/// The finding, the name of a file, its text, and the exit code of the commands that use the credentials: 0 where they can be used
/// all the same.
pub type Row = (&'static str, &'static str, &'static str, i32);

macro_rules! yaml {
    ($($line:literal),* $(,)?) => {
        concat!("use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\n", $($line, "\n"),*)
    };
}

macro_rules! java {
    ($($line:literal),* $(,)?) => {
        concat!("api.googleads.clientId=<CLIENT>\napi.googleads.clientSecret=<SECRET>\n", $($line, "\n"),*)
    };
}

macro_rules! perl {
    ($($line:literal),* $(,)?) => { concat!("clientId=<CLIENT>\nclientSecret=<SECRET>\n", $($line, "\n"),*) };
}

macro_rules! php {
    ($($line:literal),* $(,)?) => {
        concat!("[OAUTH2]\nclientId = \"<CLIENT>\"\nclientSecret = \"<SECRET>\"\n", $($line, "\n"),*)
    };
}

macro_rules! ruby {
    ($($line:literal),* $(,)?) => {
        concat!(
            "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = '<CLIENT>'\n  c.client_secret = '<SECRET>'\n",
            $("  ", $line, "\n",)*
            "end\n"
        )
    };
}

macro_rules! env {
    ($($line:literal),* $(,)?) => {
        concat!(
            "GOOGLE_ADS_USE_PROTO_PLUS=True\nGOOGLE_ADS_CLIENT_ID=<CLIENT>\nGOOGLE_ADS_CLIENT_SECRET=<SECRET>\n",
            $($line, "\n"),*
        )
    };
}

macro_rules! xml {
    ($($line:literal),* $(,)?) => {
        concat!(
            "<configuration>\n<configSections><section name=\"GoogleAdsApi\" \
             type=\"System.Configuration.DictionarySectionHandler\"/></configSections>\n<GoogleAdsApi>\n\
             <add key=\"OAuth2ClientId\" value=\"<CLIENT>\"/>\n<add key=\"OAuth2ClientSecret\" value=\"<SECRET>\"/>\n",
            $($line, "\n",)*
            "</GoogleAdsApi>\n</configuration>\n"
        )
    };
}

macro_rules! adc {
    ($($member:literal),* $(,)?) => {
        concat!("{\"client_id\": \"<CLIENT>\",\n\"client_secret\": \"<SECRET>\"", $(",\n", $member),*, "}\n")
    };
}

macro_rules! dlt {
    ($($line:literal),* $(,)?) => {
        concat!(
            "[sources.google_ads]\ndev_token = \"a-developer-token\"\ncustomer_id = \"1234567890\"\nimpersonated_email = \"\"\n",
            "[sources.google_ads.credentials]\nproject_id = \"p\"\nclient_id = \"<CLIENT>\"\nclient_secret = \"<SECRET>\"\n",
            $($line, "\n"),*
        )
    };
}

const YAML: &str = "google-ads.yaml";
const JAVA: &str = "ads.properties";
const PERL: &str = "googleads.properties";
const PHP: &str = "google_ads_php.ini";
const RUBY: &str = "google_ads_config.rb";
const ENV: &str = ".env";
const XML: &str = "App.config";
const ADC: &str = "application_default_credentials.json";
const DLT: &str = "secrets.toml";

pub const ROWS: &[Row] = &[
    // Placeholders, nothing, and values that no field can have.
    ("Placeholder", YAML, yaml!["refresh_token: INSERT_REFRESH_TOKEN_HERE"], 3),
    ("NoValue", YAML, yaml!["refresh_token:"], 3),
    ("Empty(LibraryFails)", YAML, yaml!["refresh_token: <TOKEN>", "login_customer_id: ''"], 0),
    ("Empty(Ignored)", JAVA, java!["api.googleads.refreshToken="], 3),
    ("Empty(GoogleRefuses)", JAVA, java!["api.googleads.refreshToken=<TOKEN>", "api.googleads.developerToken="], 0),
    ("ControlCharacter", JAVA, java!["api.googleads.refreshToken=a\\u0007b"], 3),
    ("Empty(UsesDefaultCredentials)", PHP, php!["refreshToken = \"\""], 3),
    ("Empty(PythonAndJavaFail)", ENV, env!["GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>", "GOOGLE_ADS_LOGIN_CUSTOMER_ID="], 0),
    // Customer IDs.
    ("NotTenDigits", YAML, yaml!["refresh_token: <TOKEN>", "login_customer_id: 123-456-7890"], 0),
    ("UnusualDigits", YAML, yaml!["refresh_token: <TOKEN>", "login_customer_id: 123_456_7890"], 0),
    ("OctalNumber", YAML, yaml!["refresh_token: <TOKEN>", "login_customer_id: 0123456701"], 0),
    ("LeadingZero", RUBY, ruby!["c.refresh_token = '<TOKEN>'", "c.login_customer_id = '0123456789'"], 0),
    ("OtherKind(Variable)", YAML, yaml!["refresh_token: <TOKEN>", "login_customer_id: ${CUSTOMER}"], 0),
    // Values of another type.
    (
        "UnquotedNumber",
        "airbyte.json",
        "{\"credentials\": {\"developer_token\": \"a-developer-token\", \"client_id\": \"<CLIENT>\", \"client_secret\": \"<SECRET>\", \"refresh_token\": \"<TOKEN>\"},\n\"login_customer_id\": 1234567890}\n",
        0,
    ),
    (
        "Differs",
        "config.json",
        "{\"developer_token\": \"a-developer-token\", \"oauth_client_id\": \"<CLIENT>\", \"oauth_client_secret\": \"<SECRET>\", \"refresh_token\": \"<TOKEN>\", \"start_date\": \"2020-10-01T00:00:00Z\", \"customer_ids\": \"1234567890\",\n\"login_customer_ids\": [{\"loginCustomerId\": \"1234567890\", \"customerId\": \"1234567890\"},\n{\"loginCustomerId\": \"2234567890\", \"customerId\": \"1234567890\"}]}\n",
        0,
    ),
    (
        "Refused(FlagOff)",
        "connections.json",
        "{\"google_ads_default\": {\"conn_type\": \"google_ads\", \"extra\": {\"google_ads_client\": {\"client_id\": \"<CLIENT>\", \"client_secret\": \"<SECRET>\", \"refresh_token\": \"<TOKEN>\",\n\"use_proto_plus\": false}}}}\n",
        0,
    ),
    ("Misplaced", ADC, adc!["\"type\": \"authorized_user\"", "\"credentials\": {\"refresh_token\": \"<TOKEN>\"}"], 3),
    ("WrongType(Number)", YAML, yaml!["refresh_token: 1.5"], 3),
    ("WrongType(Boolean)", YAML, yaml!["refresh_token: true"], 3),
    ("WrongType(Date)", YAML, yaml!["refresh_token: 2026-01-02"], 3),
    ("WrongType(Collection)", YAML, yaml!["refresh_token: [<TOKEN>]"], 3),
    ("WrongType(NotAString)", ADC, adc!["\"type\": \"authorized_user\"", "\"refresh_token\": [\"<TOKEN>\"]"], 3),
    ("Refused(UnknownTag)", YAML, yaml!["refresh_token: !secret ads_rt_42"], 1),
    ("Refused(NotOfItsTag)", YAML, yaml!["refresh_token: <TOKEN>", "logger: !!int text"], 0),
    ("Refused(NoSuchDate)", YAML, yaml!["refresh_token: <TOKEN>", "since: 2026-02-30"], 0),
    ("Refused(NoDigits)", YAML, yaml!["refresh_token: <TOKEN>", "count: 0x_"], 0),
    ("Refused(Reserved)", YAML, yaml!["refresh_token: ="], 1),
    ("Refused(AnchorTwice)", YAML, yaml!["refresh_token: <TOKEN>", "one: &a 1", "two: &a 2"], 0),
    ("Refused(LogSettings)", YAML, yaml!["refresh_token: <TOKEN>", "logging: INFO"], 0),
    ("NotABoolean", YAML, yaml!["refresh_token: <TOKEN>", "use_application_default_credentials: 7"], 0),
    ("Missing", YAML, "client_id: <CLIENT>\nclient_secret: <SECRET>\nrefresh_token: <TOKEN>\n", 0),
    // What counts as part of a value.
    ("PartOfValue(Quotes, Library)", JAVA, java!["api.googleads.refreshToken=\"<TOKEN>\""], 1),
    ("PartOfValue(CurlyQuotes, Library)", YAML, yaml!["refresh_token: \u{201c}<TOKEN>\u{201d}"], 4),
    ("PartOfValue(Spaces, Library)", JAVA, java!["api.googleads.refreshToken=<TOKEN> "], 1),
    ("PartOfValue(Comment, Library)", PERL, perl!["refreshToken=<TOKEN> # live"], 1),
    #[cfg(not(windows))]
    ("PartOfValue(CarriageReturn, Library)", PERL, perl!["refreshToken=<TOKEN>\r"], 3),
    // Perl takes one for a part of the line end there.
    #[cfg(windows)]
    ("PartOfValue(CarriageReturn, Library)", PERL, perl!["refreshToken=<TOKEN>\r\r"], 3),
    ("PartOfValue(CarriageReturn, Shell)", ENV, env!["GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>\r"], 0),
    ("PartOfValue(Quotes, Docker)", ENV, env!["GOOGLE_ADS_REFRESH_TOKEN=\"<TOKEN>\""], 0),
    ("PartOfValue(Comment, Docker)", ENV, env!["GOOGLE_ADS_REFRESH_TOKEN=<TOKEN> # live"], 0),
    ("PartOfValue(Spaces, Docker)", ENV, env!["GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>  "], 0),
    ("NotAscii", JAVA, java!["api.googleads.refreshToken=<TOKEN>", "api.googleads.loginCustomerId=123\u{e9}"], 0),
    // Keys that the library does not read.
    ("MisspelledKey", YAML, yaml!["refreshToken: <TOKEN>"], 3),
    ("CommentedOut", YAML, yaml!["# refresh_token: <TOKEN>"], 3),
    ("InvisibleCharacter", YAML, yaml!["\u{a0}refresh_token: <TOKEN>"], 3),
    ("Nested", YAML, yaml!["adwords:", "  refresh_token: <TOKEN>"], 3),
    ("HoldsToken", YAML, yaml!["token: <TOKEN>"], 3),
    ("SetBefore", YAML, yaml!["refresh_token: <TOKEN>", "refresh_token: <TOKEN>"], 0),
    ("SetAgain", JAVA, java!["api.googleads.refreshToken=<TOKEN>", "api.googleads.refreshToken=<TOKEN>"], 0),
    ("OtherSyntax", PERL, perl!["refreshToken: <TOKEN>"], 3),
    (
        "InComment",
        RUBY,
        "Google::Ads::GoogleAds::Config.new do |c|
  c.client_id = '<CLIENT>'
  c.client_secret = '<SECRET>'
\
         =begin
  c.refresh_token = '<TOKEN>'
=end
end
",
        3,
    ),
    ("ValueElsewhere", ENV, env!["#GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>", "GOOGLE_ADS_REFRESH_TOKEN="], 3),
    ("Broken(FirstLine)", JAVA, java!["api.googleads.refreshToken=1//0gabcdefgh", "ijklmnopqrstuvwxyz0123456789"], 3),
    ("Broken(Joined)", YAML, yaml!["refresh_token: 1//0gabcdefgh", "  ijklmnopqrstuvwxyz0123456789"], 4),
    ("Swallowed", JAVA, java!["log=C:\\logs\\", "api.googleads.refreshToken=<TOKEN>"], 3),
    ("ConflictMarker", ENV, env!["GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>", "<<<<<<< HEAD", "=======", ">>>>>>> b"], 0),
    ("Rounded", YAML, yaml!["refresh_token: <TOKEN>", "login_customer_id: 1.23457E+09"], 0),
    ("OtherName", YAML, yaml!["refresh_token: <TOKEN>", "manager_customer_id: 1234567890"], 0),
    ("OtherHeader", PHP, "[oauth2]\nrefreshToken = \"<TOKEN>\"\n", 3),
    ("SpacesAroundKey", PERL, perl![" refreshToken =<TOKEN>"], 3),
    ("WrongSection", PHP, concat!("[GOOGLE_ADS]\nrefreshToken = \"<TOKEN>\"\n", php![]), 3),
    ("LostSection", PHP, php!["refreshToken = \"<TOKEN>\"", "[GOOGLE_ADS]", "x = 1", "[OAUTH2]", "y = 1"], 3),
    ("MisspelledKey", XML, xml!["<add key=\"oauth2refreshtoken\" value=\"<TOKEN>\"/>"], 3),
    (
        "WrongSection",
        XML,
        "<configuration>\n<appSettings>\n<add key=\"OAuth2RefreshToken\" value=\"<TOKEN>\"/>\n</appSettings>\n</configuration>\n",
        3,
    ),
    ("NotASetting", XML, xml!["<add key=\"OAuth2RefreshToken\" value=\"<TOKEN>\"/>", "<setting/>"], 0),
    (
        "SectionElsewhere(Missing)",
        XML,
        "<configuration>\n<GoogleAdsApi configSource=\"ads.config\"/>\n</configuration>\n",
        3,
    ),
    (
        "SectionElsewhere(NotBelow)",
        XML,
        "<configuration>\n<GoogleAdsApi configSource=\"..\\ads.config\"/>\n</configuration>\n",
        3,
    ),
    (
        "Encrypted",
        XML,
        "<configuration>\n<GoogleAdsApi configProtectionProvider=\"X\"><EncryptedData/></GoogleAdsApi>\n</configuration>\n",
        3,
    ),
    (
        "XmlNamespace",
        XML,
        "<configuration xmlns=\"http://schemas.microsoft.com/.NetConfiguration/v2.0\">\n<GoogleAdsApi>\n</GoogleAdsApi>\n</configuration>\n",
        3,
    ),
    (
        "DuplicateInAnyCase",
        "appsettings.json",
        "{\"GoogleAdsApi\": {\"OAuth2ClientId\": \"<CLIENT>\", \"OAuth2ClientSecret\": \"<SECRET>\", \"OAuth2RefreshToken\": \"<TOKEN>\",\n\"OAuth2RefreshToken\": \"<TOKEN>\"}}\n",
        0,
    ),
    ("Missing", ADC, adc!["\"refresh_token\": \"<TOKEN>\""], 0),
    ("OtherWord", ADC, adc!["\"type\": \"user\"", "\"refresh_token\": \"<TOKEN>\""], 0),
    // PHP.
    ("Interpolated", PHP, php!["refreshToken = \"${TOKEN}\""], 3),
    ("MixedQuotes", PHP, php!["refreshToken = <TOKEN>\"x\""], 3),
    ("NeedsQuotes(Word)", PHP, php!["refreshToken = none"], 3),
    ("NeedsQuotes(Character)", PHP, php!["refreshToken = 1//0g^a"], 3),
    ("NeedsQuotes(Constant)", PHP, php!["refreshToken = \"<TOKEN>\"", "[GOOGLE_ADS]", "developerToken = E_ALL"], 0),
    ("NeedsQuotes(Number)", PHP, php!["refreshToken = \"<TOKEN>\"", "[GOOGLE_ADS]", "developerToken = -5"], 0),
    ("NotAComment", PHP, php!["refreshToken = \"<TOKEN>\"", "# note = \"x\""], 0),
    ("Refused(NotParsed)", PHP, php!["refreshToken = \"<TOKEN>\"", "[X]", "y = a(b"], 0),
    // Ruby.
    ("CurlyQuotes", RUBY, ruby!["c.refresh_token = \u{2018}<TOKEN>\u{2019}"], 1),
    ("Unquoted", RUBY, ruby!["c.refresh_token = <TOKEN>"], 1),
    ("TrailingComma", RUBY, ruby!["c.refresh_token = '<TOKEN>',"], 3),
    ("Computed", RUBY, ruby!["c.refresh_token = ENV['TOKEN']"], 3),
    ("NamedInCode", RUBY, ruby!["c.send(:refresh_token=, '<TOKEN>')"], 3),
    ("CodeAfter", RUBY, concat!(ruby!["c.refresh_token = '<TOKEN>'"], "x = 1\n"), 0),
    ("Refused(NoSuchSetting)", RUBY, ruby!["c.refresh_token = '<TOKEN>'", "c.refreshToken = 'x'"], 0),
    ("Refused(NotAssigned)", RUBY, ruby!["c.refresh_token = '<TOKEN>'", "c.log_level 'INFO'"], 0),
    ("Refused(Invisible)", RUBY, ruby!["c.refresh_token = '<TOKEN>'", "c.log_level =\u{a0}'INFO'"], 0),
    ("Refused(AfterQuote)", RUBY, ruby!["c.refresh_token = '<TOKEN>' x"], 1),
    ("Refused(EndTooMuch)", RUBY, concat!(ruby!["c.refresh_token = '<TOKEN>'"], "end\n"), 0),
    ("Refused(NotLast)", RUBY, concat!(ruby!["c.refresh_token = '<TOKEN>'"], "puts 1\n"), 0),
    // .env.
    (
        "MissingForPython",
        ENV,
        "GOOGLE_ADS_CLIENT_ID=<CLIENT>\nGOOGLE_ADS_CLIENT_SECRET=<SECRET>\nGOOGLE_ADS_REFRESH_TOKEN=<TOKEN>\n",
        0,
    ),
    ("Exported", ENV, env!["export GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>"], 0),
    ("SpacesAroundEquals", ENV, env!["GOOGLE_ADS_REFRESH_TOKEN = <TOKEN>"], 3),
    ("ReadersDisagree", ENV, env!["GOOGLE_ADS_REFRESH_TOKEN=\"<TOKEN>$x\""], 3),
    (
        "OverridesVariables",
        ENV,
        env!["GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>", "GOOGLE_ADS_CONFIGURATION_FILE_PATH=/x.yaml"],
        0,
    ),
    ("OverridesVariables", ENV, "GOOGLE_ADS_CONFIGURATION_FILE_PATH=/x.yaml\n", 3),
    (
        "AlwaysTrueToRuby",
        ENV,
        env!["GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>", "GOOGLE_ADS_USE_APPLICATION_DEFAULT_CREDENTIALS=false"],
        0,
    ),
    // Byte order marks and tabs.
    ("ByteOrderMark", JAVA, concat!("\u{feff}", java!["api.googleads.refreshToken=<TOKEN>"]), 3),
    ("ByteOrderMark", ENV, concat!("\u{feff}", env!["GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>"]), 0),
    ("Tab", YAML, yaml!["refresh_token: <TOKEN>", "count:\t1"], 0),
    // Connectors.
    ("NotASection", DLT, "sources = 1\n", 3),
    (
        "OfPipeline",
        DLT,
        concat!("[pipe.sources.google_ads.credentials]\nrefresh_token = \"x\"\n", dlt!["refresh_token = \"<TOKEN>\""]),
        0,
    ),
    (
        "ReadFirst",
        DLT,
        concat!(
            "[sources.google_ads.google_ads.credentials]\nrefresh_token = \"x\"\n",
            dlt!["refresh_token = \"<TOKEN>\""]
        ),
        0,
    ),
];
