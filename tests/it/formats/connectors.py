"""Reads files as the programs they are written for do: connectors.py MODULE…

The modules are loaded once, which takes seconds. Each line of standard input asks for one file; a process of its own reads it,
in the directory and environment of the request, and prints what it found as JSON.
"""
import importlib, importlib.util, json, os, sys, traceback, types
from pathlib import Path


def stub(name, **members):
    module = sys.modules[name] = types.ModuleType(name)
    module.__dict__.update(members)


def package(name):
    return Path(next(iter(importlib.util.find_spec(name).submodule_search_locations)))


def dlt(path):
    """The arguments of the verified source `google_ads`, resolved by dlt; its own code would ask Google."""
    from typing import Union
    import dlt
    from dlt.sources.credentials import GcpOAuthCredentials, GcpServiceAccountCredentials

    module = types.ModuleType('google_ads')
    sys.modules['google_ads'] = module
    found = {}

    def customers(customer_id: str = dlt.secrets.value):
        found['login_customer_id'] = customer_id
        yield {}

    def google_ads(
        credentials: Union[GcpOAuthCredentials, GcpServiceAccountCredentials] = dlt.secrets.value,
        impersonated_email: str = dlt.secrets.value,
        dev_token: str = dlt.secrets.value,
    ):
        found.update(json.loads(credentials.to_native_representation()), developer_token=dev_token,
                     impersonated_email=impersonated_email)
        return [dlt.resource(customers, name='customers')()]

    for function in (customers, google_ads):
        function.__module__ = 'google_ads'
        setattr(module, function.__name__, function)
    list(dlt.source(google_ads, max_table_nesting=2)())
    return found


def airbyte(path):
    config = json.loads(path.read_text())
    spec = json.loads((package('source_google_ads') / 'spec.json').read_text())
    return {**config['credentials'], **config, 'spec': spec['connectionSpecification'], 'config': config}


def singer(path):
    from singer import utils
    sys.argv = ['tap-google-ads', '--config', str(path), '--discover']
    # What tap-google-ads 2.0.0 requires.
    config = utils.parse_args(
        ['start_date', 'oauth_client_id', 'oauth_client_secret', 'refresh_token', 'customer_ids', 'developer_token']
    ).config
    utils.strptime_to_utc(config['start_date'])
    try:
        customers = json.loads(config['login_customer_ids'])
    except TypeError:
        customers = config['login_customer_ids']
    customers = sorted(customers, key=lambda customer: customer['customerId'])
    return {**config, 'client_id': config['oauth_client_id'], 'client_secret': config['oauth_client_secret'],
            'login_customer_id': customers[0]['loginCustomerId']}


def meltano(path):
    from dotenv import dotenv_values
    settings = {name.removeprefix('TAP_GOOGLEADS_').lower(): value for name, value in dotenv_values(path).items()}
    own = {name.removeprefix('oauth_credentials_'): value for name, value in settings.items()}
    return own


def airflow(path):
    """The provider's hook with Airflow's own look-up, by the file as a back end of secrets or by the variable of a `.env` file."""
    if path.suffix == '.json':
        for section in ['SECRETS__', 'WORKERS__SECRETS_']:
            os.environ[f'AIRFLOW__{section}BACKEND'] = 'airflow.secrets.local_filesystem.LocalFilesystemBackend'
            os.environ[f'AIRFLOW__{section}BACKEND_KWARGS'] = json.dumps({'connections_file_path': str(path)})
    # What the hook hands the configuration to, and where it would look for a service account.
    for name in ['google', 'google.ads', 'google.ads.googleads', 'google.auth', 'airflow.providers.google.common.hooks']:
        stub(name, __path__=[])
    for name in ['google.ads.googleads.client', 'google.ads.googleads.errors', 'google.auth.exceptions']:
        stub(name, GoogleAdsClient=None, GoogleAdsException=Exception, GoogleAuthError=Exception)
    stub('airflow.providers.google.common.hooks.base_google', get_field=None)
    from airflow.providers.google.ads.hooks.ads import GoogleAdsHook

    hook = GoogleAdsHook()
    assert hook.get_connection(hook.default_conn_name).conn_type == hook.conn_type
    hook._get_config()
    hook._determine_authentication_method()
    assert hook.authentication_method == 'developer_token', hook.authentication_method
    return hook.google_ads_config


def mureo(path):
    from mureo.auth import load_google_ads_credentials
    found = load_google_ads_credentials(path)
    return vars(found) if found else {}


def answer(program, file, directory, environment):
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    return globals()[program](Path(file))


for module in sys.argv[1:]:
    importlib.import_module(module)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            found = {'found': answer(**json.loads(line))}
        except BaseException:
            found = {'failed': traceback.format_exc()}
        # A program may have logged on standard output.
        print('\n' + json.dumps(found), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    print('.', flush=True)
