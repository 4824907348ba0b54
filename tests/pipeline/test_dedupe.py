from datetime import UTC, datetime, timedelta

from pipeline.dedupe import WINDOW, StoryWindow, sign, stories

WIRE = (
    "Agentes de la comisaría de Laredo capturaron anoche a tres hombres que exigían dinero a los dueños de una panadería. "
    "El operativo se realizó en la urbanización Las Brisas luego de que la víctima denunciara que recibía mensajes con "
    "fotografías de sus hijos. Los detenidos tenían en su poder dos celulares, una libreta con nombres de comerciantes y un "
    "cartucho de dinamita. La fiscalía abrió investigación por el delito de extorsión agravada y pidió nueve meses de prisión."
)
CUT = WIRE.rsplit(".", 2)[0] + "."
REWRITTEN = (
    "Tres presuntos extorsionadores cayeron en Laredo. La Policía los intervino en Las Brisas con dinamita y celulares. "
    "Según la denuncia, pedían un pago a una familia panadera y la amenazaban por mensajes."
)
DAY = datetime(2025, 10, 1, 12, tzinfo=UTC)


def test_a_wire_text_is_one_story_and_a_report_in_other_words_is_another() -> None:
    signatures = [
        sign("a", DAY, WIRE),
        sign("b", DAY + timedelta(hours=2), CUT),
        sign("c", DAY + timedelta(hours=3), REWRITTEN),
    ]
    assert stories(signatures) == {"a": "a", "b": "a", "c": "c"}


def test_the_order_of_arrival_does_not_matter() -> None:
    signatures = [sign(name, DAY + timedelta(hours=n), WIRE) for n, name in enumerate("abc")]
    assert stories(signatures) == stories(reversed(signatures)) == {"a": "a", "b": "a", "c": "a"}


def test_a_text_printed_again_much_later_is_another_story() -> None:
    later = DAY + WINDOW + timedelta(days=1)
    assert stories([sign("a", DAY, WIRE), sign("b", later, WIRE)]) == {"a": "a", "b": "b"}


def test_an_empty_body_is_taken() -> None:
    assert stories([sign("a", DAY, "")]) == {"a": "a"}


def test_a_window_forgets_and_goes_on_from_known_stories() -> None:
    window = StoryWindow()
    window.keep(sign("b", DAY, WIRE), "a")
    assert window.find(sign("c", DAY + WINDOW, CUT)) == "a"
    assert window.find(sign("d", DAY + WINDOW + timedelta(hours=1), WIRE)) == "a"  # as the one before, which is like it
    assert window.find(sign("e", DAY + 3 * WINDOW, WIRE)) == "e"
