		1//0g-new	-	-	1112223333	# frozen_string_literal: true

require 'logger'

Google::Ads::GoogleAds::Config.new do |settings|
  settings.developer_token   = "a-developer-token"  # from the manager account
  settings.client_id         = '12345-abc.apps.googleusercontent.com'
  settings.client_secret     = 'GOCSPX-it\'s \\ odd'
  settings.refresh_token     = "1//0g-old" # renewed every spring
  settings.login_customer_id = 123_456_7890

  settings.logger = Logger.new($stdout, level: ENV.fetch('LEVEL', 'warn'))
  settings.log_level = 'INFO' if ENV['DEBUG']
end
