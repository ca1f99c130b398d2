"""Signature Version 4: the examples of Amazon's S3 API reference and of its test suite, to the letter."""

import hashlib

import pytest

from edge_agent.tell.upload.sigv4 import (
    Keys,
    Scope,
    canonical_request,
    signature,
    signed,
    string_to_sign,
)

# Amazon S3 API Reference, "Signature Calculations for the Authorization Header", the four examples.
S3_KEYS = Keys(id="AKIAIOSFODNN7EXAMPLE", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")  # noqa: S106
S3_SCOPE = Scope(at="20130524T000000Z", region="us-east-1")
HOST = {"host": "examplebucket.s3.amazonaws.com"}


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "body", "expected"),
    [
        (
            "GET",
            "/test.txt",
            {},
            {"range": "bytes=0-9"},
            b"",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT",
            "/test$file.text",
            {},
            {"date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
            b"Welcome to Amazon S3.",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            "GET",
            "/",
            {"lifecycle": ""},
            {},
            b"",
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            "GET",
            "/",
            {"max-keys": "2", "prefix": "J"},
            {},
            b"",
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
    ids=["get object", "put object", "bucket lifecycle", "list objects"],
)
def test_the_examples_of_the_s3_reference(  # noqa: PLR0917
    method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes, expected: str
) -> None:
    told = signed(
        method,
        path,
        query=query,
        headers={**HOST, **headers},
        payload_sha256=sha256(body),
        keys=S3_KEYS,
        scope=S3_SCOPE,
    )
    assert told["authorization"].endswith(f"Signature={expected}")
    assert told["x-amz-content-sha256"] == sha256(body)


# aws-sig-v4-test-suite: get-vanilla, get-vanilla-query-order-key-case, get-header-value-trim, post-vanilla.
SUITE_KEYS = Keys(id="AKIDEXAMPLE", secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")  # noqa: S106
SUITE_SCOPE = Scope(at="20150830T123600Z", region="us-east-1", service="service")
SUITE = {"Host": "example.amazonaws.com", "X-Amz-Date": "20150830T123600Z"}


@pytest.mark.parametrize(
    ("method", "query", "headers", "expected"),
    [
        ("GET", {}, {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (
            "GET",
            {"Param2": "value2", "Param1": "value1"},
            {},
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "GET",
            {},
            {"My-Header1": " value1", "My-Header2": ' "a   b   c"'},
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
        ),
        ("POST", {}, {}, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ],
    ids=["get-vanilla", "get-vanilla-query-order-key-case", "get-header-value-trim", "post-vanilla"],
)
def test_vectors_of_the_published_suite(
    method: str, query: dict[str, str], headers: dict[str, str], expected: str
) -> None:
    canonical = canonical_request(method, "/", query, {**SUITE, **headers}, sha256(b""))
    assert signature(string_to_sign(canonical, SUITE_SCOPE), SUITE_KEYS, SUITE_SCOPE) == expected


def test_a_path_is_escaped_once_and_never_tidied_up() -> None:
    canonical = canonical_request("PUT", "/b/a b/../%/测.jpg", {}, HOST, sha256(b""))
    assert canonical.splitlines()[1] == "/b/a%20b/../%25/%E6%B5%8B.jpg"


def test_keys_are_never_shown_and_a_token_is_signed_with_them() -> None:
    keys = Keys(id="A", secret="hidden", token="temporary")  # noqa: S106
    assert "hidden" not in repr(keys)
    assert "temporary" not in repr(keys)
    told = signed("GET", "/", query={}, headers=HOST, payload_sha256=sha256(b""), keys=keys, scope=S3_SCOPE)
    assert told["x-amz-security-token"] == "temporary"
    assert "x-amz-security-token" in told["authorization"]
