"""Sums of money: notation, ranges, bounds, period, role; and what is no money."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.exchange import read_rates
from nlp.recognizers.money import find_money
from nlp.recognizers.money.tables import read_tables
from nlp.types import Money
from tests.nlp.marked import find, make_doc


@pytest.mark.parametrize(
    "marked",
    [
        "Piden [S/ 5 mil](MONEY min=5000 max=5000 currency=PEN comparator=exactly source=money/symbol) al bodeguero.",
        "Piden [S/50 000](MONEY min=50000 max=50000 currency=PEN).",
        "Piden [S/50,000](MONEY min=50000 max=50000 currency=PEN).",
        "Piden [S/.2.000](MONEY min=2000 max=2000 currency=PEN) al mes.",
        "Piden [S/. 48,000.00](MONEY min=48000 max=48000 currency=PEN) en total.",
        "La obra cuesta [S/ 2 millones 847 mil 451](MONEY min=2847451 max=2847451 currency=PEN).",
        "Ganó [S/19’505,138](MONEY min=19505138 max=19505138 currency=PEN) en el sorteo.",
        "Un fondo de [27,9 millones de soles](MONEY min=27900000 max=27900000 currency=PEN).",
        "Pagó [veinte mil soles](MONEY min=20000 max=20000 currency=PEN source=money/word).",
        "Exigen [medio millón de soles](MONEY min=500000 max=500000 currency=PEN).",
        "Exigen [un millón y medio de soles](MONEY min=1500000 max=1500000 currency=PEN).",
        "Exigen [treinta y cinco mil quinientos nuevos soles](MONEY min=35500 max=35500 currency=PEN).",
        "Hallaron [US$ 10.000](MONEY min=10000 max=10000 currency=USD) y [USD 1.350](MONEY min=1350 max=1350 currency=USD).",
        "Hallaron [$5 mil](MONEY min=5000 max=5000 currency=USD) y [€ 1.200 euros](MONEY min=1200 max=1200 currency=EUR).",
        "Cuesta [S/ 462,968 soles](MONEY min=462968 max=462968 currency=PEN).",
        "Cuesta [3 soles con 20 céntimos](MONEY min=3.2 max=3.2 currency=PEN) el pasaje.",
        "Cobran [30 céntimos](MONEY min=0.3 max=0.3 currency=PEN) más.",
        "Le piden [cinco lucas](MONEY min=5 max=5 currency=PEN source=money/slang) diarias.",
        "Cobran [una china](MONEY min=0.5 max=0.5 currency=PEN period=per_trip) por pasajero.",
        "Exigen pagar [quinientos mangos](MONEY min=500 max=500 currency=PEN) por semana.",
        "La combi cobra [un sol](MONEY min=1 max=1 currency=PEN source=money/lone).",
        "Pagó [5,000 USD](MONEY min=5000 max=5000 currency=USD source=money/word).",
        "Pagó [S/ 100 mil](MONEY min=100000 max=100000) ([US$ 27 mil](MONEY min=27000 max=27000 currency=USD)).",
        "Llevaba [1 300 bolivianos](MONEY min=1300 max=1300 currency=BOB), [Bs. 400](MONEY min=400 currency=BOB) y [90 soles](MONEY).",
        "Era [dos soles con cincuenta](MONEY min=2.5 max=2.5) por puesto; vino con 20 hombres y pagó [3 soles](MONEY) con 2 amigos.",
        "Exigen [S/ 9 mil](MONEY) de entrada y [800](MONEY min=800 period=month) mensuales; atienden a 30 diarios.",
        "La banda extorsiva dejó un papel: “[15 mil](MONEY min=15000) o te mueres”. Les dio [mil quinientos](MONEY min=1500) y viven allí 24 mil familias.",
        "Volvieron a pedirme [50 mil](MONEY min=50000). Cobran [dos luquitas](MONEY min=2 period=day) diarias.",
        "Los extorsionadores hablaron: “Tienes que darnos [veinte mil](MONEY min=20000 max=20000) o te matamos”.",
        "Le robaron [20 mil pesos mexicanos](MONEY min=20000 max=20000 currency=MXN min_pen=null).",
        "Cobran [cien soles](MONEY) a las bodegas, [doscientos](MONEY min=200) a los hostales y [trescientos](MONEY min=300) a los grifos.",
        "A las panaderías les sacan [S/ 20](MONEY); a los que venden jugos, [quince](MONEY min=15 currency=PEN).",
        "Cobran [S/ 70](MONEY) a los socios. Y [50](MONEY min=50) para inscribirse; entre ellos, 30 choferes.",
        "La cuota era de [S/ 100](MONEY) y luego subieron la tarifa a [300](MONEY min=300). Las denuncias bajaron de 68 a 21.",
        "Los extorsionadores bajaron a [30.000](MONEY min=30000), después a [20.000](MONEY min=20000).",
        "Exigen [S/ 100 mil](MONEY) a la dueña. Bajó a [70 mil](MONEY min=70000) tras la bomba; los homicidios bajaron a 15.",
        "Le cobraban [8 mil](MONEY min=8000 period=null) y de ahí [300](MONEY min=300 period=week) semanales.",
        "Le pedían [50 mil](MONEY min=50000), después [treinta](MONEY min=30000). Reconoce haber dado [nueve](MONEY min=9000).",
        "Exigían [S/ 9 mil](MONEY) al grifo; pagaron [diez](MONEY min=10) diarios y acordaron no dar un sol más.",
        "El sicario cobró en dos partes: [mil](MONEY min=1000) antes y [dos mil](MONEY min=2000) después.",
        "Cobran cupos: [S/ 50](MONEY) por faena. Dicen que ahora son [90](MONEY min=90 period=per_trip) por faena.",
        "Exigen [diez lucas](MONEY min=10000 max=10000) a un colegio: los [S/ 10 mil](MONEY) y [400](MONEY min=400) cada mes; da [dos lucas](MONEY min=2) de propina.",
        "A dos les exigen [S/ 7000](MONEY); a la más grande, [doce mil](MONEY min=12000), con amenazas. Un auto deja [cinco soles](MONEY); un camión, [cien](MONEY min=100).",
        "Le exigieron [S/ 40 mil](MONEY). Ofreció [cinco](MONEY min=5000) y le colgaron; lloró y se lo dejaron en [nueve](MONEY min=9000).",
        "El cupo era de [S/ 200](MONEY); en el audio avisan el aumento a [300](MONEY min=300). También quieren [cinco mil](MONEY min=5000) “por única vez”.",
        "O cancelaba [mil ochocientos](MONEY min=1800) esa misma tarde, o moría. Canceló 120 vuelos.",
        "Pasó de [S/ 30](MONEY min=30 max=30) a [S/ 70](MONEY min=70 max=70) y quieren subir el cupo de [S/ 5](MONEY max=5) a [S/ 8](MONEY min=8).",
    ],
)
def test_notations(marked: str) -> None:
    find(marked, "money_recognizer")


@pytest.mark.parametrize(
    "marked",
    [
        "Le exigían [de S/ 5 mil a S/ 50 mil](MONEY min=5000 max=50000 comparator=between source=money/range).",
        "Entregan [entre S/20 y S/30](MONEY min=20 max=30 currency=PEN) por día.",
        "Piden [entre 20 mil y 30 mil dólares](MONEY min=20000 max=30000 currency=USD).",
        "Piden [entre mil y 3 mil soles](MONEY min=1000 max=3000 currency=PEN).",
        "Piden [entre 5 mil y más de 9 mil soles](MONEY min=5000 max=9000 currency=PEN).",
        "Piden pagos ([70-100 dólares](MONEY min=70 max=100 currency=USD)) al mes.",
        "“Por [S/ 50 mil](MONEY min=50000 max=50000) un hampón vende a cualquiera”.",
        "Pagan [de 5 a 10 mil soles](MONEY min=5000 max=10000 currency=PEN).",
        "Pagan [de 500 a 2 mil soles](MONEY min=500 max=2000 currency=PEN).",
        "Los pedidos van [desde cinco hasta 30 mil soles](MONEY min=5000 max=30000 currency=PEN).",
        "Una renta de [25 o 30 mil soles](MONEY min=25000 max=30000 currency=PEN) cada mes.",
        "El costo trepó [de 21 a 34 millones de soles](MONEY min=21000000 max=34000000 currency=PEN).",
        "El pasaje pasará de [S/ 1.50](MONEY min=1.5 max=1.5) a [S/ 3.50](MONEY min=3.5 max=3.5).",
        "La entrada vale [S/20](MONEY min=20 max=20) y [S/30](MONEY min=30 max=30).",
        "Pide [hasta 20 mil soles](MONEY min=null max=20000 comparator=under).",
        "Robaron [más de S/ 4,500](MONEY min=4500 max=null comparator=over).",
        "Dice que son [nunca menos de diez mil soles](MONEY min=10000 max=null comparator=over).",
        "Vale [no más de 50 soles](MONEY min=null max=50 comparator=under).",
        "El contrato supera los [S/ 38 millones](MONEY min=38000000 max=null comparator=over).",
        "La pérdida bordea los [300 mil soles](MONEY min=300000 max=300000 comparator=around).",
        "Pagó unos [14 mil soles](MONEY min=14000 max=14000 comparator=around).",
        "Los sicarios cobraban [entre 3 mil y 5 mil](MONEY min=3000 max=5000 source=money/range) por encargo.",
        "Repartió [S/ 20](MONEY min=20 max=20) a 300 comerciantes.",
        "Ganan [S/ 1,500 a más](MONEY min=1500 max=null comparator=over).",
    ],
)
def test_ranges_and_bounds(marked: str) -> None:
    find(marked, "money_recognizer")


@pytest.mark.parametrize(
    "marked",
    [
        "Le pidieron [5 mil](MONEY min=5000 max=5000 currency=PEN source=money/bare) y se negó.",
        "Le cobraban [20 soles](MONEY min=20 max=20) y después le pedían [100](MONEY min=100 max=100 source=money/bare).",
        "Se reforzará la brigada con [45 millones](MONEY min=45000000 max=45000000 currency=PEN) adicionales.",
        "Los extorsionadores balearon su casa. “Tienes que darnos [veinte mil](MONEY min=20000 max=20000 currency=PEN source=money/bare) o te matamos”, decía el audio.",
        "La banda subió la cifra a [15 mil](MONEY min=15000 max=15000 currency=PEN).",
    ],
)
def test_numbers_without_a_unit_after_a_verb_of_money(marked: str) -> None:
    find(marked, "money_recognizer")


@pytest.mark.parametrize(
    "text",
    [
        "Pidió 20 años de prisión y cobró 3 vidas.",
        "Robaron 15 celulares y se llevaron 2 laptops.",
        "El 12 de octubre de 2025, a las 4:30 p. m., en la ruta 26.",
        "El celular 987 654 321 y la placa ARK-082.",
        "Recibió 27 000 denuncias, el 35 % del total.",
        "El artículo 200 del Código Penal y la Ley 32108.",
        "Una china de 40 años vive en la cuadra 5.",
        "Un sol radiante en Lima; se fue sin un sol.",
        "Compró 20 mangos y tres palos.",
        "El juez pidió 35 millones de vacunas.",
        "Ganó 3-1 y corrió 10 kilómetros.",
        "Pagó 20 mil pesos.",
        "Las denuncias por cobro de cupos ya son 12 por día.",
        "En Bogotá pagó $100.000 de pesos y le pedían 500 mil.",
    ],
)
def test_what_is_no_money(text: str) -> None:
    find(text + "[](NONE)", "money_recognizer")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("cobran S/ 10 diarios", "day"),
        ("cobran S/ 10 por día", "day"),
        ("cobran S/ 10 todos los santos días", "day"),
        ("cobran S/ 50 a la semana", "week"),
        ("cobran S/ 200 cada viernes", "week"),
        ("cobran una cuota semanal de S/ 200", "week"),
        ("cobran S/ 900 quincenales", "fortnight"),
        ("cobran S/ 4 mil al mes", "month"),
        ("cobran un cupo mensual de S/ 4 mil", "month"),
        ("cobran S/ 1,200 millones al año", "year"),
        ("cobran S/ 3 por vuelta", "per_trip"),
        ("cobran un cupo de S/ 5 por unidad en cada vuelta", "per_trip"),
        ("cobran S/ 800 por cada concierto", "per_trip"),
        ("cobran S/ 10 por cruzar el puente", "per_trip"),
        ("perdió S/ 300 para el viaje", None),
        ("cobran por única vez S/ 300", None),
        ("cobran S/ 300", None),
        ("cobran S/ 300 y los lunes revisan", None),
        ("cobran S/ 200 por cada camión", "per_trip"),
        ("cobran S/ 300 por faena", "per_trip"),
        ("cobran S/ 900 por cruzar a los migrantes", None),
        ("ofrecían un sueldo de S/ 1,500", "month"),
        ("cobran un jornal de S/ 85", "day"),
        ("prestan S/ 1,500 con intereses de 20% al mes", None),
        ("cobran S/ 300, contó a este diario el dueño", None),
        ("piden S/ 8 mil, además de montos mensuales", None),
        ("mueven S/ 7 mlls. al año", "year"),
        ("piden S/ 9 mil como pago inicial o cuotas diarias", "once"),
        ("piden S/ 90 como “inscripción” a los socios que pagan a diario", "once"),
        ("cobran S/ 700 los sábados", "week"),
        ("cada treinta días reciben S/ 700", "month"),
        ("cobran S/ 700 por fecha a la orquesta", "per_trip"),
    ],
)
def test_period(text: str, period: str | None) -> None:
    (mention,) = make_doc(f"Los extorsionadores {text}.", "money_recognizer")._.mentions
    assert isinstance(mention.value, Money)
    assert mention.value.period == period


def test_each_sum_has_its_own_period_and_a_repeated_one_keeps_it() -> None:
    find(
        "Al día siguiente la empresa pagó [S/ 900](MONEY period=null). "
        "Una cuota de [S/.70](MONEY period=week) por puesto. "
        "Exigen [dos soles](MONEY period=day) diarios y [S/.35](MONEY period=week) semanales. "
        "Son [setenta soles](MONEY period=week) semanales.",
        "money_recognizer",
    )
    find(
        "A la semana pagan [S/ 40](MONEY period=week) y al mes llegan a [S/ 160](MONEY period=month). "
        "Exigen [S/ 3 mil](MONEY period=null) y al mes [S/ 900](MONEY period=month).",
        "money_recognizer",
    )


def test_sums_of_a_row_are_due_alike_and_an_initial_one_is_not() -> None:
    find(
        "Piden [S/ 200](MONEY period=week) semanales a los puestos y [S/ 350](MONEY period=week) a las tiendas. "
        "Quieren [S/ 5](MONEY period=day) o [S/ 10](MONEY period=day) diarios. "
        "Son [4 mil soles](MONEY period=null) y [cien soles](MONEY period=week) semanales. "
        "El pago inicial es de [S/ 30 mil](MONEY period=once) y los cupos mensuales, de [S/ 8 mil](MONEY period=month).",
        "money_recognizer",
    )


@pytest.mark.parametrize(
    "marked",
    [
        "Extorsionadores le exigen [S/ 5 mil](MONEY role=demanded) al mes.",
        "El extorsionado contó: “Ya había dado [S/ 3 700](MONEY role=paid) y no les bastó”.",
        "El sicario aceptó matar al gerente a cambio de [S/ 6 mil](MONEY role=contract_killing).",
        "En la esquina le arrancharon [S/ 450](MONEY role=stolen) a una joven.",
        "Extorsionan a un ferretero: dijeron que el monto subía a [S/ 15 mil](MONEY role=demanded).",
        "Extorsionadores balearon a un chofer que no entregó los [5 soles](MONEY role=demanded max=5) a más tardar el lunes.",
        "Extorsionan a una orquesta: “Ustedes cobran [nueve mil soles](MONEY role=price) por baile”.",
        "Los extorsionadores escribieron: “Sabemos que hiciste [60 mil soles](MONEY role=other), colabora”.",
        "Se negó a pagar [S/ 40 000](MONEY role=demanded) a la banda extorsiva.",
        "Los choferes pagaron [S/ 15 mil](MONEY role=paid) a la banda.",
        "Los plagiarios exigían [S/ 200 mil](MONEY role=ransom) por su liberación.",
        "Los asaltantes huyeron con [más de 4,500 soles](MONEY role=stolen).",
        "La Policía incautó un arma y [S/ 2 740](MONEY role=seized).",
        "El Ministerio ofrece una recompensa de [S/ 50 mil](MONEY role=reward) por el cabecilla.",
        "El sicario recibió [cuatro mil soles](MONEY role=contract_killing) por matar al dirigente.",
        "El incendio dejó pérdidas por [S/ 18 mil](MONEY role=damage).",
        "La mafia recauda [S/ 5.600](MONEY role=income) cada noche.",
        "Deberán pagar [S/ 120 mil](MONEY role=fine) de reparación civil.",
        "Exigieron [S/ 5 mil](MONEY role=demanded) a la dueña, que terminó entregando [S/ 3 mil](MONEY role=paid).",
        "La familia llegó a depositar [S/ 8 mil](MONEY role=paid) tras las amenazas.",
        "Hallaron vouchers, [S/ 900](MONEY role=seized) y dos pistolas.",
        "Se llevaron un equipo valorizado en [S/ 2 000](MONEY role=stolen).",
        "Extorsionadores exigen [400 soles](MONEY role=demanded period=day) diarios (cerca de [100 dólares](MONEY role=demanded period=day)) a "
        "la dueña, que pagó [3.000 soles](MONEY role=paid) ([tres millones de pesos colombianos](MONEY role=paid)) en abril.",
        "Les pedían [S/ 3](MONEY role=demanded) por bus y [S/ 90](MONEY role=demanded) a cada puesto.",
        "La nota decía: [20 mil dólares](MONEY role=demanded) o su familia muere.",
        "Los extorsionadores le dejaron una granada y una nota para que entregue [S/ 30 mil](MONEY role=demanded) a la banda.",
        "Los agentes fueron detenidos por exigir un soborno de [S/ 300](MONEY role=demanded) al chofer.",
        "El kilo de limón subió a [S/ 14](MONEY role=price) en los mercados.",
        "Pagarán una reparación civil de [S/ 20 000](MONEY role=fine).",
        "La región presupuestó la obra en [S/2,4 millones](MONEY role=budget).",
        "El pasaje cuesta [S/ 2.50](MONEY role=price period=per_trip).",
        "El prestamista le dio un préstamo de [S/ 1500](MONEY role=loan).",
        "Las entradas: popular a [S/ 25](MONEY role=price), oriente a [S/50](MONEY role=price) y occidente a "
        "[120 soles](MONEY role=price).",
    ],
)
def test_role(marked: str) -> None:
    find(marked, "money_recognizer")


def test_converted_at_the_month_of_publication() -> None:
    find(
        "Piden [US$ 100](MONEY min=100 min_usd=100 min_pen=342 max_pen=342) o [hasta 342 soles]"
        "(MONEY min=null min_usd=null max_usd=100 max_pen=342).",
        "money_recognizer",
    )


@given(st.text(alphabet="S/$ 0123456789.,milonesdyentrhaópgr€%\n", max_size=160))
def test_any_text_gives_sums_inside_it(text: str) -> None:
    last = 0
    for mention in make_doc(text, "money_recognizer")._.mentions or []:
        value = mention.value
        assert isinstance(value, Money)
        assert text[mention.start : mention.end] == mention.text
        assert last <= mention.start < mention.end
        assert value.min is not None or value.max is not None
        assert value.min is None or value.max is None or value.min <= value.max
        assert 0 <= mention.score <= 1
        last = mention.end


@pytest.mark.parametrize("unit", ["1", "1 ", "S/ ", "S/ 5 ", "mil ", "de 5 a 6 ", "un ", "cobran 5 mil, ", "$", "1.1"])
def test_long_hostile_text_is_read(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    mentions = find_money(text, [(0, len(text))], date(2025, 10, 15), read_tables(), read_rates())
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)
