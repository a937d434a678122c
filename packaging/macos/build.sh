#!/bin/bash
# macOS application, signed and notarised: CONFIGURED, NOT BUILT HERE, for it needs macOS and an Apple account.
#
#   IDENTITY="Developer ID Application: …" PROFILE=notary packaging/macos/build.sh
#
# PROFILE is what `xcrun notarytool store-credentials` keeps in the keychain: no secret stands here or in an
# argument. Without a signature the keychain refuses to keep private keys, so there is no unsigned variant.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
: "${IDENTITY:?name the signing identity}" "${PROFILE:?name the notarytool profile}"

python3 packaging/dev.py build bundle
app=build/trustdesk.app
version=$(/usr/libexec/PlistBuddy -c 'Print CFBundleShortVersionString' "$app/Contents/Info.plist")
sign=(codesign --force --timestamp --options runtime --entitlements packaging/macos/entitlements.plist --sign "$IDENTITY")

# From the inside out: a signature covers those below it, and --deep would give all of them one treatment.
find "$app/Contents/Frameworks" "$app/Contents/Resources" -type f \( -name '*.so' -o -name '*.dylib' -o -perm -u+x \) -print0 |
    while IFS= read -r -d '' file; do
        if file -b "$file" | grep -q '^Mach-O'; then "${sign[@]}" "$file"; fi
    done
"${sign[@]}" "$app/Contents/MacOS/trustdesk"
"${sign[@]}" "$app"
codesign --verify --strict --verbose=2 "$app"
"$app/Contents/MacOS/trustdesk" --smoke

image="dist/trustdesk-$version-macos-$(uname -m).dmg"
hdiutil create -volname trustdesk -srcfolder "$app" -ov -format UDZO "$image"
codesign --force --timestamp --sign "$IDENTITY" "$image"
xcrun notarytool submit "$image" --keychain-profile "$PROFILE" --wait
xcrun stapler staple "$image"
(cd dist && shasum -a 256 -- *.dmg *.whl *.tar.gz *.cdx.json >SHA256SUMS)
