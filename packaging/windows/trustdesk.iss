; Windows installer (Inno Setup 6): CONFIGURED, NOT BUILT HERE, for it needs Windows.
;
;   py packaging\dev.py build bundle
;   iscc /DVersion=0.1.0 packaging\windows\trustdesk.iss
;
; The bundle has run --smoke by then. For a signed installer define a sign tool in Inno Setup and add
; /DSign=name: it signs the installer, its uninstaller and both programs. Installs for one person without
; questions of the administrator, or for all (/ALLUSERS).

#ifndef Version
  #error Give the version: iscc /DVersion=0.1.0
#endif
#define Name "trustdesk"
#define Bundle "..\..\build\trustdesk"

[Setup]
AppId={{6D2B2B0E-6C54-4E0B-9C1D-6B3A52E8B6F4}
AppName={#Name}
AppVersion={#Version}
AppPublisher=The trustdesk authors
DefaultDirName={autopf}\{#Name}
DefaultGroupName={#Name}
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\icons\trustdesk.ico
UninstallDisplayIcon={app}\trustdesk-window.exe
OutputDir=..\..\dist
OutputBaseFilename={#Name}-{#Version}-windows-x64
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
#ifdef Sign
SignTool={#Sign}
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"
Name: "fr"; MessagesFile: "compiler:Languages\French.isl"
Name: "es"; MessagesFile: "compiler:Languages\Spanish.isl"
Name: "ar"; MessagesFile: "compiler:Languages\Arabic.isl"

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\{#Name}"; Filename: "{app}\trustdesk-window.exe"
Name: "{group}\{#Name} demo"; Filename: "{app}\trustdesk-window.exe"; Parameters: "demo"

[Registry]
; "Open with" for the kinds of files that the Inspector reads; what opens them by default stays as it is.
Root: HKA; Subkey: "Software\Classes\trustdesk.file"; ValueType: string; ValueData: "Certificate or key store"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\trustdesk.file\shell\open\command"; ValueType: string; ValueData: """{app}\trustdesk-window.exe"" ""%1"""
#dim Endings[9] {".pem", ".crt", ".cer", ".der", ".p12", ".pfx", ".p7b", ".p10", ".jks"}
#define I
#sub OpenWith
Root: HKA; Subkey: "Software\Classes\{#Endings[I]}\OpenWithProgids"; ValueType: string; ValueName: "trustdesk.file"; ValueData: ""; Flags: uninsdeletevalue
#endsub
#for {I = 0; I < 9; I++} OpenWith

[Run]
Filename: "{app}\trustdesk.exe"; Parameters: "--smoke"; Flags: runhidden; StatusMsg: "Checking the installation"
Filename: "{app}\trustdesk-window.exe"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent
