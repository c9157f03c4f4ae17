//! The Google accounts, and which Google Ads accounts they reach.

/// The account that consents unless a test chooses another: a manager with access to a second account.
pub const ADA: &str = "ada@example.com";
/// An account without Google Ads.
pub const BOB: &str = "bob@example.org";

#[derive(Clone, Debug)]
pub struct Person {
    pub email: String,
    /// The Google Ads accounts it reaches directly; `None` for a user unknown to Google Ads.
    pub accounts: Option<Vec<Account>>,
}

#[derive(Clone, Debug)]
pub struct Account {
    pub id: String,
    pub name: String,
    pub cancelled: bool,
    /// The accounts of a manager account; `None` for any other.
    pub manages: Option<Vec<Account>>,
}

impl Account {
    pub fn new(id: &str, name: &str) -> Account {
        Account { id: id.to_owned(), name: name.to_owned(), cancelled: false, manages: None }
    }

    pub fn managing(mut self, accounts: Vec<Account>) -> Account {
        self.manages = Some(accounts);
        self
    }

    pub fn cancelled(mut self) -> Account {
        self.cancelled = true;
        self
    }

    /// Returns the account of that id, among this one and those below it.
    pub fn find(&self, id: &str) -> Option<&Account> {
        if self.id == id {
            return Some(self);
        }
        self.manages.iter().flatten().find_map(|account| account.find(id))
    }
}

pub fn everybody() -> Vec<Person> {
    let managed = vec![Account::new("2223334444", "Example Shop"), Account::new("3334445555", "Old Shop").cancelled()];
    let manager = Account::new("1234567890", "Example Agency").managing(managed);
    let accounts =
        vec![manager, Account::new("5556667777", "Ada's Own"), Account::new("8889990000", "Gone").cancelled()];
    vec![Person { email: ADA.to_owned(), accounts: Some(accounts) }, Person { email: BOB.to_owned(), accounts: None }]
}
