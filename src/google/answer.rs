//! stub
use crate::secret::Secret;
use url::Url;
#[derive(Debug)]
pub enum Answer {
    Code(Secret),
    Refused { error: String, description: Option<String> },
    NotOurs(&'static str),
}
#[derive(Debug, Clone)]
pub struct Expected {
    pub redirect: Url,
    pub state: Secret,
    pub issuer: String,
}
pub fn from_query(_query: &str, _expected: &Expected) -> Answer {
    todo!()
}
pub fn from_pasted(_text: &str, _expected: &Expected) -> Answer {
    todo!()
}
