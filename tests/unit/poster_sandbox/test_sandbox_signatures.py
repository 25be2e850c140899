"""The signatures, against vectors that were worked out elsewhere."""

from poster_sandbox.signatures import js_json, manage_verify, php_json, request_signature, webhook_verify

SECRET = "fe2bc8e865d8fc2236968ee53c3b2bd5"


def test_a_get_is_signed_over_address_time_and_secret():
    url = "https://app.example.test/poster/quote?order=1506511064579"

    assert request_signature(url=url, body="", time_s=1790051852, secret=SECRET) == "cf3dd22180dc12608bb663fbd38dfcc3"


def test_a_body_takes_part_in_the_signature():
    url = "https://app.example.test/poster/quote"

    assert request_signature(url=url, body='{"a":1}', time_s=1, secret=SECRET) != request_signature(
        url=url, body='{"a":2}', time_s=1, secret=SECRET
    )


def test_a_webhook_without_data_is_signed_over_five_parts():
    verify = webhook_verify(
        account="api-demo",
        object_name="transaction",
        object_id=1,
        action="added",
        data=None,
        time_s="1518794257",
        secret=SECRET,
    )

    assert verify == "ba193c47db34623ff442c9967e0cfc7e"


def test_data_of_a_webhook_stands_between_action_and_time():
    import hashlib

    verify = webhook_verify(
        account="a", object_name="client", object_id=7, action="changed", data='{"x":1}', time_s="5", secret="s"
    )

    assert verify == hashlib.md5(b'a;client;7;changed;{"x":1};5;s').hexdigest()


def test_a_manage_code_is_signed_over_id_secret_and_code():
    import hashlib

    assert manage_verify(application_id="41", secret="s", code="c") == hashlib.md5(b"41:s:c").hexdigest()


def test_encodings_of_javascript_and_php_differ_on_slashes_and_letters():
    value = {"phone": "a/b", "name": "Кава"}

    assert js_json(value) == '{"phone":"a/b","name":"Кава"}'
    assert php_json(value) == '{"phone":"a\\/b","name":"\\u041a\\u0430\\u0432\\u0430"}'
