//! The one supported kind of query: `SELECT customer_client.id, … FROM customer_client WHERE …`.

use serde_json::{Value, json};

use super::people::Account;

const FIELDS: [&str; 5] = ["id", "descriptive_name", "manager", "level", "status"];

pub struct Query<'a> {
    fields: Vec<&'a str>,
    condition: Condition,
}

enum Condition {
    None,
    /// `level = 0`
    Level(u32),
    /// `id IN (1234567890, 2345678901)`
    Ids(Vec<String>),
}

impl<'a> Query<'a> {
    /// Parses a query; `None` if it is not supported.
    pub fn of(text: &'a str) -> Option<Query<'a>> {
        let (list, rest) = text.trim().strip_prefix("SELECT ")?.split_once(" FROM customer_client")?;
        let field =
            |name: &str| FIELDS.into_iter().find(|field| name.trim().strip_prefix("customer_client.") == Some(field));
        let fields = list.split(',').map(field).collect::<Option<_>>()?;
        Some(Query { fields, condition: Condition::of(rest)? })
    }

    /// Returns this account and those below it that match the condition, as rows.
    pub fn rows(&self, root: &Account) -> Vec<Value> {
        let mut rows = Vec::new();
        self.add(&mut rows, root, root, 0);
        rows
    }

    fn add(&self, rows: &mut Vec<Value>, root: &Account, account: &Account, level: u32) {
        let meets = match &self.condition {
            Condition::None => true,
            Condition::Level(wanted) => level == *wanted,
            Condition::Ids(ids) => ids.contains(&account.id),
        };
        if meets {
            rows.push(self.row(root, account, level));
        }
        for managed in account.manages.iter().flatten() {
            self.add(rows, root, managed, level + 1);
        }
    }

    fn row(&self, root: &Account, account: &Account, level: u32) -> Value {
        let mut client = json!({ "resourceName": format!("customers/{}/customerClients/{}", root.id, account.id) });
        for field in &self.fields {
            // 64-bit numbers are strings in Google's JSON.
            match *field {
                "id" => client["id"] = json!(account.id),
                "descriptive_name" => client["descriptiveName"] = json!(account.name),
                "manager" => client["manager"] = json!(account.manages.is_some()),
                "level" => client["level"] = json!(level.to_string()),
                _ => client["status"] = json!(if account.cancelled { "CANCELED" } else { "ENABLED" }),
            }
        }
        json!({ "customerClient": client })
    }
}

impl Condition {
    fn of(text: &str) -> Option<Condition> {
        let text = text.trim();
        if text.is_empty() {
            return Some(Condition::None);
        }
        let text = text.strip_prefix("WHERE customer_client.")?;
        if let Some(level) = text.strip_prefix("level = ") {
            return level.parse().ok().map(Condition::Level);
        }
        let ids = text.strip_prefix("id IN (")?.strip_suffix(')')?;
        let is_number = |id: &&str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let number = |id: &str| Some(id.trim()).filter(is_number).map(str::to_owned);
        ids.split(',').map(number).collect::<Option<_>>().map(Condition::Ids)
    }
}
