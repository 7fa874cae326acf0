"""Who people are here, how they sign in, and how often they may try."""

import environ

env = environ.Env()

# Ways to sign in, codes and limits: docs/adr/0009-signing-in.md and docs/SECURITY.md.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
# allauth must know that an address is wanted, so that it hides who has an account; our form makes it optional.
ACCOUNT_SIGNUP_FIELDS = ["email*", "username", "password1"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.JoinForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "confirm_login_code": "accounts.forms.CodeForm",
    "confirm_email_verification_code": "accounts.forms.AddressCodeForm",
    "confirm_password_reset_code": "accounts.forms.CodeForm",
    "add_email": "accounts.forms.AddressForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.FirstPasswordForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
# Digits only: they can be typed on the number pad, and read aloud to somebody who helps.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# User names are lower case in the table; whoever types capitals is the same person.
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USERNAME_VALIDATORS = "accounts.models.validators_for_everybody"
ACCOUNT_USER_DISPLAY = "accounts.models.display_name_of"
# allauth's limits count by REMOTE_ADDR and read no header: the ASGI server alone knows which proxy to
# believe, and has put the true address there (docs/adr/0006).
ALLAUTH_TRUSTED_PROXY_COUNT = 0
# Whole classes and city halls share one address, so limits by address are generous and limits by account strict.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key,50/d/key",
    "request_login_code": "20/m/ip,3/5m/key,20/d/key",
    "confirm_email": "3/5m/key,20/d/key",
    "signup": "60/5m/ip",
    "reset_password": "20/m/ip,3/5m/key,20/d/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "mailed_code": "3/5m/user,20/d/user",
    "download_data": "5/h/user",
    # Codes of letters: a whole hall may join behind one address, a guesser gets nowhere.
    "household_code_failed": "20/10m/ip,100/d/ip",
    "ask_to_join": "20/h/user",
    # While somebody types: every few seconds at most.
    "issue_draft": "60/m/user",
    "similar_issues": "60/m/user",
    "places": "60/m/user",
    # The board; counted in the views of its talk.
    "post": "12/m/user,300/d/user",
    "edit_post": "12/m/user",
    "react": "60/m/user",
}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondStepForm",
    "reauthenticate": "accounts.forms.SecondStepAgainForm",
    "activate_totp": "accounts.forms.ActivateAppForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
}
# Who must have a second factor, and whether it is enforced here: always in production, never in a demonstration.
MFA_REQUIRED = False
MFA_REQUIRED_ROLES = frozenset({"city_staff", "facilitator", "administrator"})
# How long a sign-in lasts, in seconds; those who must have a second factor sign in every working day.
SESSION_COOKIE_AGE = 90 * 24 * 3600
SESSION_AGE_OF_OFFICIALS = 12 * 3600
# How long those who left an association can still be found there, and who looked at names, in days.
ASSOCIATIONS_FORGET_AFTER_DAYS = env.int("ASSOCIATIONS_FORGET_AFTER_DAYS", default=30)
ASSOCIATIONS_LOOKS_KEPT_DAYS = env.int("ASSOCIATIONS_LOOKS_KEPT_DAYS", default=366)
# Students are who has an address at one of these domains or below.
STUDENT_EMAIL_DOMAINS = env.list("STUDENT_EMAIL_DOMAINS", default=["ac.jp"])

SOCIALACCOUNT_ADAPTER = "accounts.adapter.OtherServiceAdapter"
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_QUERY_EMAIL = True
# Somebody who can claim an address elsewhere gets no account of ours by it.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_FORMS = {
    "signup": "accounts.forms.JoinByOtherServiceForm",
    "disconnect": "accounts.forms.DisconnectForm",
}
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
# Where the sign-in form may lead to: browsers apply form-action to redirects too.
SIGN_IN_ORIGINS: list[str] = []
LINE_CHANNEL_ID = env.str("LINE_CHANNEL_ID", default="")
LINE_CHANNEL_SECRET = env.str("LINE_CHANNEL_SECRET", default="")
GOOGLE_CLIENT_ID = env.str("GOOGLE_CLIENT_ID", default="")
GOOGLE_CLIENT_SECRET = env.str("GOOGLE_CLIENT_SECRET", default="")
if LINE_CHANNEL_ID:
    SOCIALACCOUNT_PROVIDERS["line"] = {
        "APP": {
            "client_id": LINE_CHANNEL_ID,
            "secret": LINE_CHANNEL_SECRET,
        },
        # No e-mail address: LINE gives one to few services, and we need none.
        "SCOPE": ["profile"],
        "OAUTH_PKCE_ENABLED": True,
    }
    SIGN_IN_ORIGINS.append("https://access.line.me")
if GOOGLE_CLIENT_ID:
    SOCIALACCOUNT_PROVIDERS["google"] = {
        "APP": {
            "client_id": GOOGLE_CLIENT_ID,
            "secret": GOOGLE_CLIENT_SECRET,
        },
        "OAUTH_PKCE_ENABLED": True,
    }
    SIGN_IN_ORIGINS.append("https://accounts.google.com")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.error_pages.csrf_failure"
