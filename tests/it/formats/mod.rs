//! How each client library's file is read and edited, and the client secrets file.

mod broken_syntax;
mod client_secrets;
mod connectors;
mod encodings;
mod every_format;
mod library_readers;
mod line_formats;
mod misread;
mod python_library;
mod refused;
mod service_accounts;
mod structured;
mod yaml;
