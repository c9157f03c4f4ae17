1-b.apps.googleusercontent.com	GOCSPX-new	1//0g-new		1234567890		# A configuration to start from. Put it into your home directory and fill in
# what stands in capitals.

Google::Ads::GoogleAds::Config.new do |c|
  # Deprecated code only warns.
  c.treat_deprecation_warnings_as_errors = false

  # Says who develops this program.
  c.developer_token = 'INSERT_DEVELOPER_TOKEN_HERE'

  # A user's credential: an OAuth client and what it was granted.
  c.client_id = 'INSERT_CLIENT_ID_HERE'
  c.client_secret = 'INSERT_CLIENT_SECRET_HERE'
  c.refresh_token = 'INSERT_REFRESH_TOKEN_HERE'

  # Or what the machine offers.
  c.use_application_default_credentials = false

  # Or a service account, which wins over the client above.
  # c.keyfile = 'path/to/key.json'
  # c.impersonate = 'INSERT_EMAIL_ADDRESS_HERE'

  # Whatever you have: it wins over the key file.
  # c.authentication = INSERT_AUTHENTICATION_HERE

  # The manager that the calls are made for.
  # c.login_customer_id = 'INSERT_LOGIN_CUSTOMER_ID_HERE'

  # The linked account of a data provider.
  # c.linked_customer_id = "INSERT_LINKED_CUSTOMER_ID_HERE"

  # Where messages go, and which.
  c.log_level = 'WARN'
  c.log_target = STDOUT

  # c.http_proxy = "http://proxy.example:8080"
end
