"""Takes people out of text (去除个人信息): names after 联系人, phones, e-mail addresses are never stored."""

import re

_LABELLED = re.compile(
    r"(?:联系人|经办人|负责人|项目经理|采购人代表|联系方式|联系电话|电话|手机|传真|邮箱|电子邮件|[Ee]-?[Mm]ail|QQ|微信)"
    r"(?:及电话|及方式|姓名|地址|号码)?\s*[:\uff1a]\s*[^,\uff0c。;\uff1b\n]*[,\uff0c。;\uff1b]?"
)
_PLACEHOLDER = re.compile(r"\[(PHONE|EMAIL|NAME|ID)\]")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d.])(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]\d{7,8}(?:-\d{1,5})?)(?!\d)")
_ID_CARD = re.compile(r"(?<!\d)\d{17}[\dXx](?!\w)")


def without_contacts(text: str) -> str:
    """`text` without names that follow a contact label, phones, e-mail addresses and identity numbers."""
    for pattern in (_LABELLED, _PLACEHOLDER, _EMAIL, _ID_CARD, _PHONE):
        text = pattern.sub("", text)
    return text.strip()
