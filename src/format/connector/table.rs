//! The connectors, one entry each, with the source and the version that it was checked against.

use crate::format::connector::fill::Needed;
use crate::format::connector::json_tree::JsonTree;
use crate::format::connector::toml_tree::TomlTree;
use crate::format::connector::variable::VariableTree;
use crate::format::connector::{Connector, Refused};
use crate::format::env::{self, ENV};
use crate::format::field::Field;
use crate::format::lines::Dialect;
use crate::format::{ByteOrderMark, ConflictKind, DefaultLocation, FormatName, Outcome};

pub const JSON: JsonTree = JsonTree { text_at: None };

/// dlt 1.31.0 with the source `google_ads` of dlt-hub/verified-sources at 3957506. The source asks for every argument, also for
/// `impersonated_email` beside a user's token, where it is not used; `customer_id` is sent without a login customer, so it is
/// one that the token reaches directly. Credentials of a user are tried before those of a service account, whose key dlt takes as
/// one text, or in parts. Each value is first looked for in the section of the source below that of its module.
pub const DLT: Connector = Connector {
    name: FormatName::Dlt,
    reader: "dlt source",
    place: DefaultLocation::Here(".dlt/secrets.toml"),
    syntax: &TomlTree,
    byte_order_mark: ByteOrderMark::LibraryFails,
    ending: ".toml",
    file_name: Some("secrets.toml"),
    marks: &["sources.google_ads"],
    bases: &[],
    refused: &[],
    first_read: Some(("sources.google_ads", "sources.google_ads.google_ads")),
    keys: &[
        (Field::DeveloperToken, "sources.google_ads.dev_token"),
        (Field::LoginCustomerId, "sources.google_ads.customer_id"),
        (Field::ClientId, "sources.google_ads.credentials.client_id"),
        (Field::ClientSecret, "sources.google_ads.credentials.client_secret"),
        (Field::RefreshToken, "sources.google_ads.credentials.refresh_token"),
        (Field::ImpersonatedEmail, "sources.google_ads.impersonated_email"),
    ],
    required: &[Field::DeveloperToken, Field::LoginCustomerId],
    needed: &[
        ("sources.google_ads.impersonated_email", Needed::Text("")),
        ("sources.google_ads.credentials.project_id", Needed::Project),
    ],
    demanded: &["sources.google_ads.impersonated_email", "sources.google_ads.credentials.project_id"],
    flag: None,
    key_document: Some("sources.google_ads.credentials"),
    conflicts: &[("sources.google_ads.credentials.private_key", ConflictKind::ServiceAccount, Outcome::UserWins)],
};

/// airbyte-source-google-ads 6.1.7, spec.json. It finds the accounts by itself and asks each by way of the manager that it was
/// found under; `login_customer_id` is what earlier versions read. `customer_id` lists the accounts to read, which is the
/// owner's choice.
pub const AIRBYTE: Connector = Connector {
    name: FormatName::Airbyte,
    reader: "Airbyte connector",
    place: DefaultLocation::Nowhere,
    syntax: &JSON,
    byte_order_mark: ByteOrderMark::LibraryFails,
    ending: ".json",
    file_name: None,
    marks: &["\"credentials\"", "\"developer_token\""],
    bases: &[],
    refused: &WRAPPED,
    first_read: None,
    keys: &[
        (Field::DeveloperToken, "credentials.developer_token"),
        (Field::ClientId, "credentials.client_id"),
        (Field::ClientSecret, "credentials.client_secret"),
        (Field::RefreshToken, "credentials.refresh_token"),
        (Field::LoginCustomerId, "login_customer_id"),
    ],
    required: &[Field::DeveloperToken],
    needed: &[],
    demanded: &[],
    flag: None,
    key_document: None,
    conflicts: &[],
};

/// The body of a request to Airbyte's API, by the names of its two versions: the connector gets what is in it.
const WRAPPED: [Refused; 2] = [wrapped("connectionConfiguration"), wrapped("configuration")];

const fn wrapped(path: &'static str) -> Refused {
    Refused {
        path,
        beside: None,
        with: None,
        reason: "is the body of a request to Airbyte's API, in which the connector's configuration is a part",
        hint: "keep that part alone in a file, and name that file",
    }
}

/// tap-google-ads 2.0.0 of singer-io. It checks that `start_date` and `customer_ids` are there, and reads the accounts in
/// `login_customer_ids`, which is a list, or text with a list.
pub const SINGER: Connector = Connector {
    name: FormatName::Singer,
    reader: "Singer tap",
    place: DefaultLocation::Here("config.json"),
    syntax: &JsonTree { text_at: Some("login_customer_ids") },
    byte_order_mark: ByteOrderMark::LibraryFails,
    ending: ".json",
    file_name: None,
    marks: &["\"oauth_client_id\""],
    bases: &[],
    refused: &[],
    first_read: None,
    keys: &[
        (Field::DeveloperToken, "developer_token"),
        (Field::ClientId, "oauth_client_id"),
        (Field::ClientSecret, "oauth_client_secret"),
        (Field::RefreshToken, "refresh_token"),
        (Field::LoginCustomerId, "login_customer_ids.*.loginCustomerId"),
    ],
    required: &[Field::DeveloperToken, Field::LoginCustomerId],
    needed: &[
        ("login_customer_ids.*.customerId", Needed::Same(Field::LoginCustomerId)),
        ("customer_ids", Needed::Same(Field::LoginCustomerId)),
        // That of the tap's sample.
        ("start_date", Needed::Text("2020-10-01T00:00:00Z")),
    ],
    demanded: &["login_customer_ids.*.customerId", "customer_ids", "start_date"],
    flag: None,
    key_document: None,
    conflicts: &[],
};

/// apache-airflow-providers-google 22.8.0, `GoogleAdsHook`, in a file for `airflow connections import` or the local filesystem
/// back end of secrets, where `extra` is an object or, as `airflow connections export` writes it, text; `extra_dejson` is another
/// name for the object. The older `google_ads_client` has precedence where it is there, whatever it is. A service account's key is in another connection,
/// `google_cloud_default`.
pub const AIRFLOW: Connector = Connector {
    name: FormatName::Airflow,
    reader: "Airflow hook",
    place: DefaultLocation::Here("connections.json"),
    syntax: &JsonTree { text_at: Some("google_ads_default.extra") },
    byte_order_mark: ByteOrderMark::LibraryFails,
    ending: ".json",
    file_name: None,
    marks: &["\"google_ads_default\""],
    bases: &[
        "google_ads_default.extra_dejson.google_ads_client",
        "google_ads_default.extra_dejson",
        "google_ads_default.extra.google_ads_client",
        "google_ads_default.extra",
    ],
    refused: &[
        Refused {
            path: "google_ads_default.extra_dejson",
            beside: Some("google_ads_default.extra"),
            with: None,
            reason: "is beside `extra`, and Airflow accepts only one of the two",
            hint: "remove one of the two",
        },
        Refused {
            path: "google_ads_default",
            beside: None,
            with: Some("://"),
            reason: "is a URI, which Airflow reads and gads-creds does not change",
            hint: "write it as an object: `{\"conn_type\": \"google_ads\", \"extra\": {…}}`",
        },
    ],
    first_read: None,
    keys: AIRFLOW_KEYS,
    required: &[],
    needed: &[("google_ads_default.conn_type", Needed::Text("google_ads")), (".use_proto_plus", Needed::True)],
    demanded: &[
        "google_ads_default.extra_dejson.google_ads_client.use_proto_plus",
        "google_ads_default.extra.google_ads_client.use_proto_plus",
    ],
    flag: Some(".use_proto_plus"),
    key_document: None,
    conflicts: &[(".json_key_file_path", ConflictKind::ServiceAccount, Outcome::ConflictWins)],
};

/// The same connection in the environment, where Airflow looks before it asks its database; checked with
/// apache-airflow-task-sdk 1.3.2, `Connection`.
pub const AIRFLOW_VARIABLE: Connector = Connector {
    place: DefaultLocation::Nowhere,
    syntax: &VariableTree,
    byte_order_mark: ByteOrderMark::SpoilsFirstLine,
    ending: ".env",
    marks: &[],
    bases: &["extra.google_ads_client", "extra"],
    refused: &[Refused {
        path: "extra_dejson",
        beside: None,
        with: None,
        reason: "is not read in a variable",
        hint: "name it `extra`",
    }],
    demanded: &["extra.google_ads_client.use_proto_plus"],
    needed: &[(".use_proto_plus", Needed::True)],
    ..AIRFLOW
};

const AIRFLOW_KEYS: &[(Field, &str)] = &[
    (Field::DeveloperToken, ".developer_token"),
    (Field::ClientId, ".client_id"),
    (Field::ClientSecret, ".client_secret"),
    (Field::RefreshToken, ".refresh_token"),
    (Field::LoginCustomerId, ".login_customer_id"),
    (Field::LinkedCustomerId, ".linked_customer_id"),
];

/// mureo 0.34.0, `mureo.auth`. It reads plain JSON, takes `null` for nothing, and keeps other platforms in the same file.
pub const MUREO: Connector = Connector {
    name: FormatName::Mureo,
    reader: "mureo server",
    place: DefaultLocation::Home(".mureo/credentials.json"),
    syntax: &JSON,
    byte_order_mark: ByteOrderMark::LibraryFails,
    ending: ".json",
    file_name: None,
    marks: &["\"google_ads\""],
    bases: &[],
    refused: &[],
    first_read: None,
    keys: &[
        (Field::DeveloperToken, "google_ads.developer_token"),
        (Field::ClientId, "google_ads.client_id"),
        (Field::ClientSecret, "google_ads.client_secret"),
        (Field::RefreshToken, "google_ads.refresh_token"),
        (Field::LoginCustomerId, "google_ads.login_customer_id"),
    ],
    required: &[],
    needed: &[],
    demanded: &[],
    flag: None,
    key_document: None,
    conflicts: &[],
};

/// tap-googleads 0.13.0 of Matatika, Meltano's default for Google Ads (meltano/hub at 9d28b36): Meltano reads the tap's settings
/// from `.env` of the project, each under the tap's name.
pub const MELTANO: Dialect = Dialect {
    name: FormatName::Meltano,
    reader: "Meltano tap",
    fits: |file_name, text| {
        // Also a misspelled prefix of the tap: no other program has such variables.
        let is_of_tap = |key: &str| key.replace('_', "").to_ascii_uppercase().starts_with("TAPGOOGLEADS");
        file_name.ends_with(".env") && env::has_key(text, is_of_tap) && !env::has_key(text, env::is_of_libraries)
    },
    keys: &[
        (Field::DeveloperToken, "", "TAP_GOOGLEADS_DEVELOPER_TOKEN"),
        (Field::ClientId, "", "TAP_GOOGLEADS_OAUTH_CREDENTIALS_CLIENT_ID"),
        (Field::ClientSecret, "", "TAP_GOOGLEADS_OAUTH_CREDENTIALS_CLIENT_SECRET"),
        (Field::RefreshToken, "", "TAP_GOOGLEADS_OAUTH_CREDENTIALS_REFRESH_TOKEN"),
        (Field::LoginCustomerId, "", "TAP_GOOGLEADS_LOGIN_CUSTOMER_ID"),
    ],
    // Meltano reads the file by python-dotenv, to which it is part of the line end.
    carriage_return: None,
    required: &[Field::DeveloperToken],
    needed: &[],
    flag: None,
    mode: None,
    empty: |_| None,
    conflict: |_| None,
    ..ENV
};
