"""The key to the marks, printed at the end of a text that uses them, in the six official languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Legend:
    """`lines` are printed below `head`; `remarks` heads the remarks."""

    head: str
    lines: tuple[str, ...]
    remarks: str

    @property
    def text(self) -> str:
        """In one paragraph, as a PDF has it."""
        return f"{self.head}: {' '.join(self.lines)}"


LEGENDS: Final[dict[str, Legend]] = {
    "en": Legend(
        "Marks",
        (
            "Words in square brackets are not agreed.",
            "Underlined words after a name are proposed for insertion by those named.",
            "Words struck through are proposed for deletion by those named.",
            "A stroke separates alternatives, each followed by those who support it.",
            "The words in parentheses at the end of a paragraph are its status.",
        ),
        "Remarks",
    ),
    "fr": Legend(
        "Signes",
        (
            "Les mots entre crochets ne font pas l’objet d’un accord.",
            "Les mots soulignés après un nom sont des ajouts proposés par les délégations nommées.",
            "Les mots barrés sont ceux dont les délégations nommées proposent la suppression.",
            "Un trait oblique sépare les variantes, chacune suivie des délégations qui l’appuient.",
            "Les mots entre parenthèses à la fin d’un paragraphe indiquent son état.",
        ),
        "Remarques",
    ),
    "es": Legend(
        "Signos",
        (
            "Las palabras entre corchetes no han sido acordadas.",
            "Las palabras subrayadas tras un nombre son adiciones propuestas por las delegaciones nombradas.",
            "Las palabras tachadas son aquellas cuya supresión proponen las delegaciones nombradas.",
            "Una barra separa las alternativas, cada una seguida de las delegaciones que la apoyan.",
            "Las palabras entre paréntesis al final de un párrafo indican su estado.",
        ),
        "Observaciones",
    ),
    "ru": Legend(
        "Обозначения",
        (
            "Слова в квадратных скобках не согласованы.",
            "Подчеркнутые слова после названия предложены для включения указанными делегациями.",
            "Зачеркнутые слова предложены для исключения указанными делегациями.",
            "Косая черта разделяет варианты, за каждым из которых указаны поддерживающие его делегации.",
            "Слова в круглых скобках в конце пункта обозначают его статус.",
        ),
        "Замечания",
    ),
    "ar": Legend(
        "العلامات",
        (
            "الكلمات الواردة بين معقوفين غير متفق عليها.",
            "الكلمات التي تحتها خط بعد اسم مقترح إدراجها من الوفود المذكورة.",
            "الكلمات المشطوبة مقترح حذفها من الوفود المذكورة.",
            "تفصل الشرطة المائلة بين البدائل، ويلي كلا منها من يؤيده.",
            "الكلمات الواردة بين قوسين في نهاية الفقرة تبين حالتها.",
        ),
        "ملاحظات",
    ),
    "zh": Legend(
        "标记",
        (
            "方括号内的文字尚未商定。",
            "名称之后带下划线的文字由所列代表团提议增加。",
            "带删除线的文字由所列代表团提议删除。",
            "斜线分隔备选案文，其后为支持者。",
            "段末圆括号内的文字为该段的状态。",
        ),
        "备注",
    ),
}
