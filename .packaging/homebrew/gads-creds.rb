# Untested: no machine with Homebrew was at hand. `.packaging/homebrew/fill` puts version, address and checksums in.
class GadsCreds < Formula
  desc "Google's client_secret.json to a working Google Ads API client"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@URL@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256:aarch64-apple-darwin@"
    end
    on_intel do
      url "@URL@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256:x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@URL@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@URL@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "gads-creds"
    man1.install Dir["man/man1/*.1"]
    bash_completion.install "completions/gads-creds.bash" => "gads-creds"
    zsh_completion.install "completions/_gads-creds"
    fish_completion.install "completions/gads-creds.fish"
    doc.install "README.md", "CHANGELOG.md", "THIRD-PARTY-LICENSES"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/gads-creds --version")
    assert_match "no refresh token", shell_output("#{bin}/gads-creds refresh 2>&1", 3)
  end
end
