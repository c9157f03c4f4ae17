1-b.apps.googleusercontent.com		1//0g "n'e#w\	dev			=begin
Google::Ads::GoogleAds::Config.new do |c|
  c.refresh_token = 'in a comment of many lines'
end
=end
greeting = "c.client_id = 'in a text' #{'}' + "#{1 + 1}"} # no comment"
config = ::Google::Ads::GoogleAds::Config.new do |c|
  c.http_proxy = "http://#{ENV['PROXY_USER']}@proxy.example:8080" if ENV['PROXY_USER']
  if ENV['STAGING']
    c.refresh_token = 'only in staging'
  end
  # c.refresh_token = 'a token of last year'
  c.client_id = 'plain'; c.client_secret = 'behind it'
  c.developer_token = ENV['DEVELOPER_TOKEN'] # Rails knows it as well
  c.login_customer_id = '1234567890'
    .strip
  c.linked_customer_id =
    '1234567890'
  c.log_level = 'WARN'
end
config
__END__
c.refresh_token = 'behind the end'
