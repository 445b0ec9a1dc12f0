"""The fixed accounts for the sign-in page of a demo installation."""

from django import template

from kompetenz.demo.accounts import ACCOUNTS, PASSWORD

register = template.Library()


@register.simple_tag
def demo_accounts():
    return ACCOUNTS


@register.simple_tag
def demo_password():
    return PASSWORD
