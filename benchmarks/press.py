"""Articles made by rule in the manner of the press, as many as wanted, the same ones for the same seed. All of it is invented.

Names of places, gangs, trades, prisons, streets and persons come from the tables that ship, few of them often and many seldom. An
article has some 160 words, the mentions and events that its text tells, and evidence that points at its words.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from benchmarks.incidents import OUTLETS, World, rows
from nlp.types import (
    ArticleKind,
    Business,
    BusinessRole,
    Claim,
    Comparator,
    DateSpan,
    Event,
    Evidence,
    Extraction,
    Gang,
    Label,
    Mention,
    Method,
    Money,
    MoneyPeriod,
    MoneyRole,
    Place,
    PlaceLevel,
    PlaceRole,
    Precision,
    Triage,
    Value,
)
from pipeline.records import Document
from scrapers.items import Article, BodySource, article_id, hash_of, text_of

FIRST = datetime(2023, 1, 1, 5, tzinfo=UTC)
PER_DAY = 900
"""Articles of all outlets in a day."""
ASIDE = 0.3
"""Part of the articles with a sentence on something else."""
AMOUNTS = (200, 500, 1000, 1500, 2000, 5000, 10_000, 20_000, 50_000)


@dataclass(frozen=True)
class Topic:
    """What the press writes of one thing."""

    triggers: tuple[str, ...]
    sentences: tuple[str, ...]
    kind: ArticleKind
    share: int
    """Of all articles, in hundredths."""


TITLES = (
    "{place}: {trigger} a {business} y piden S/ {amount}",
    "{trigger} en {business} de {place}",
    "{gang}: {trigger} en {place}",
    "{place}: {trigger} en la {street}",
    "{person} habla de lo ocurrido en {place}: {trigger}",
    "Vecinos de {place} dicen que {trigger} cerca de {business}",
)
ANYWHERE = (
    "Ocurrió en el distrito de {place}, en la provincia de {province}.",
    "Agentes de la Policía Nacional llegaron al lugar para realizar las diligencias del caso.",
    "El jefe de la división, coronel {person}, informó que la investigación continúa en reserva.",
    "Las cámaras de seguridad de la municipalidad captaron lo sucedido en la {street}.",
    "El alcalde {person} dijo que coordinará con las juntas vecinales de {place}.",
    "Testigos relataron que todo pasó en pocos minutos.",
    "El congresista {person} pidió explicaciones al ministro del Interior.",
    "Familiares esperaban noticias en los exteriores de la comisaría.",
    "Este medio intentó comunicarse con los involucrados, pero no obtuvo respuesta.",
    "La noticia se difundió rápidamente en las redes sociales.",
)
TOPICS: dict[str, Topic] = {
    "extorsion": Topic(
        triggers=("exigen cupos", "extorsionan", "cobran cupos", "amenazan de muerte"),
        sentences=(
            "Los delincuentes dejaron una nota en la que exigen S/ {amount} para no atentar contra la familia del dueño.",
            "Los mensajes llegaron por WhatsApp desde un número desconocido durante la madrugada.",
            "“Nos piden {amount} soles cada semana y ya no podemos trabajar”, contó {person}, vecino de la {street}.",
            "El ataque sería obra de {gang}, organización que opera en varias zonas de {province}.",
            "Los transportistas acataron un paro de 24 horas ante la ola de cobros de cupos.",
            "Las llamadas habrían salido del penal de {prison}, según las primeras indagaciones.",
            "Los peritos hallaron restos de un cartucho de dinamita en la puerta de {business}.",
            "Los comerciantes de {business} pagan desde hace meses para poder abrir sus puertas.",
            "Una granada de guerra fue encontrada frente a la vivienda del empresario.",
            "La víctima había recibido amenazas, pero no denunció la extorsión por temor a represalias.",
            "En lo que va del año se registraron {count} denuncias por extorsión en la región.",
            "Enviaron un video en el que muestran la fachada del negocio y los nombres de sus trabajadores.",
            "La Policía recomendó no ceder a los chantajes y llamar a la línea 111.",
            "El gremio de {business} convocó a una marcha hacia la plaza de armas de {province}.",
        ),
        kind=ArticleKind.INCIDENT,
        share=14,
    ),
    "sicariato": Topic(
        triggers=("acribillan", "asesinan a balazos", "sicarios disparan"),
        sentences=(
            "Dos sujetos en una motocicleta lineal dispararon contra {person} y huyeron por la {street}.",
            "Los peritos recogieron doce casquillos de bala en la escena del crimen.",
            "El fallecido trabajaba en {business} y había salido hace poco del penal de {prison}.",
            "Se presume un ajuste de cuentas entre integrantes de {gang} y una banda rival.",
            "El fiscal de turno ordenó el levantamiento del cadáver y su traslado a la morgue.",
            "La víctima recibió impactos en la cabeza y el tórax.",
            "El herido fue llevado al hospital, donde permanece con pronóstico reservado.",
            "Los sicarios vestían como repartidores, según los testigos.",
            "En {province} van {count} homicidios en lo que va del año.",
            "Sus restos fueron despedidos con globos blancos y pedidos de justicia.",
        ),
        kind=ArticleKind.INCIDENT,
        share=10,
    ),
    "robo": Topic(
        triggers=("asaltan", "roban", "despojan"),
        sentences=(
            "Tres encapuchados ingresaron a un local de {business} y redujeron a los trabajadores.",
            "Se llevaron {amount} soles en efectivo, celulares y mercadería.",
            "La banda usó un auto negro sin placa para escapar hacia {province}.",
            "Uno de los asaltantes golpeó al vigilante con la cacha de su arma.",
            "El raqueteo de celulares aumentó en la {street}, denunciaron los vecinos.",
            "Los vehículos robados aparecieron desmantelados en un taller clandestino.",
            "Serenos y policías persiguieron a los ladrones durante varias cuadras.",
            "La denuncia fue presentada en la comisaría de {place}.",
            "Los clientes fueron encerrados en el baño mientras saqueaban la caja fuerte.",
            "El arma incautada es una réplica, precisó la Policía.",
        ),
        kind=ArticleKind.INCIDENT,
        share=12,
    ),
    "secuestro": Topic(
        triggers=("secuestran", "plagian"),
        sentences=(
            "El empresario de {business} fue interceptado cuando salía de su casa.",
            "Los captores pidieron un rescate de S/ {amount} y enviaron pruebas de vida.",
            "La División de Secuestros ubicó el lugar de cautiverio en {place}.",
            "La víctima pasó cuatro días encadenada a una cama.",
            "El operativo terminó con dos detenidos y la liberación del agraviado.",
            "La familia entregó parte del dinero en un descampado.",
        ),
        kind=ArticleKind.INCIDENT,
        share=4,
    ),
    "trafico_drogas": Topic(
        triggers=("incautan cocaína", "desarticulan red"),
        sentences=(
            "La Dirandro decomisó {count} kilos de clorhidrato de cocaína ocultos en un contenedor.",
            "El cargamento tenía como destino un puerto de Europa.",
            "En el laboratorio rústico se hallaron insumos químicos y pozas de maceración.",
            "Los detenidos usaban {business} como fachada para guardar la droga.",
            "La carga estaba valorizada en más de {amount} dólares.",
            "Un burrier fue intervenido en el aeropuerto con cápsulas en el estómago.",
        ),
        kind=ArticleKind.INCIDENT,
        share=8,
    ),
    "corrupcion": Topic(
        triggers=("dictan prisión preventiva", "allanan viviendas", "condenan a exfuncionario"),
        sentences=(
            "La fiscal {person} dispuso la detención preliminar de los investigados por siete días.",
            "El juzgado ordenó nueve meses de prisión preventiva y el traslado al penal de {prison}.",
            "La acusación señala un perjuicio de {amount} soles al Estado.",
            "La defensa de {person} anunció que apelará la resolución ante la sala superior.",
            "Los colaboradores eficaces declararon ante el equipo especial.",
            "La audiencia fue reprogramada para la próxima semana.",
            "Se incautaron documentos, agendas y computadoras en doce inmuebles.",
            "La Contraloría detectó irregularidades en la compra de patrulleros.",
        ),
        kind=ArticleKind.JUDICIAL,
        share=12,
    ),
    "accidente": Topic(
        triggers=("chocan", "vuelca bus", "se incendia"),
        sentences=(
            "Un bus interprovincial se despistó en el kilómetro {count} de la carretera.",
            "Los bomberos trabajaron más de tres horas para controlar las llamas.",
            "Entre los heridos hay menores de edad que fueron evacuados en ambulancias.",
            "El conductor dio positivo en el dosaje etílico, informó la comisaría.",
            "La neblina y el exceso de velocidad habrían causado el choque.",
            "La vía permaneció cerrada y se formó una larga fila de vehículos.",
            "Defensa Civil evaluará los daños en {business}.",
            "La Sutran abrió un procedimiento a la empresa de transportes.",
        ),
        kind=ArticleKind.OTHER,
        share=12,
    ),
    "politica": Topic(
        triggers=("debaten ley", "interpelan a ministro", "piden vacancia"),
        sentences=(
            "El pleno del Congreso aprobó por mayoría la cuestión de confianza.",
            "La bancada que lidera {person} votará en contra del dictamen.",
            "El presidente del Consejo de Ministros sustentó el presupuesto ante la comisión.",
            "La encuesta nacional muestra una caída de cinco puntos en la aprobación.",
            "El Jurado Nacional de Elecciones fijó la fecha de los comicios.",
            "El Tribunal Constitucional admitió a trámite la demanda competencial.",
            "La ministra {person} defendió la prórroga del estado de emergencia y el patrullaje militar.",
            "Los gobernadores regionales exigieron mayores recursos para obras.",
        ),
        kind=ArticleKind.OTHER,
        share=14,
    ),
    "economia": Topic(
        triggers=("sube el dólar", "crece la exportación", "baja la inversión"),
        sentences=(
            "El tipo de cambio cerró la jornada al alza en el mercado interbancario.",
            "El Banco Central mantuvo su tasa de referencia por tercer mes consecutivo.",
            "La producción de cobre aumentó gracias a la mayor ley del mineral.",
            "Los empresarios de {business} esperan una campaña navideña mejor que la del año pasado.",
            "La inflación anual llegó a su nivel más bajo desde la pandemia.",
            "El ministerio lanzó un fondo de {amount} soles para créditos a microempresas.",
            "Las agroexportadoras de {province} generaron {count} puestos de trabajo.",
        ),
        kind=ArticleKind.OTHER,
        share=14,
    ),
}
"""Crime, or what else the press writes of -> how it writes; shares are in hundredths."""


@dataclass
class Scene:
    """What one article tells of, by the names of the templates' blanks."""

    words: dict[str, str]
    values: dict[str, Value]
    """Of the blanks that are mentions."""


_LABELS = {
    "place": Label.PLACE,
    "gang": Label.GANG,
    "business": Label.BUSINESS,
    "amount": Label.MONEY,
}


class Press:
    """Writes articles, one after the other."""

    def __init__(self, seed: int = 7) -> None:
        self._chance, self._world = random.Random(seed), World.read()
        names = rows("person_names.csv")
        self._given = [row["name"] for row in names if row["kind"] == "given"]
        self._family = [row["name"] for row in names if row["kind"] != "given"]
        self._streets = [row["name"] for row in rows("streets.csv")]
        self._prisons = [row["name"] for row in rows("prisons.csv")]
        self._provinces = {row["code"]: row["name"] for row in rows("places.csv") if row["level"] == "province"}

    def article(self, number: int) -> Document:
        """The article of a number; call them in order."""
        chance = self._chance
        (name,) = chance.choices(tuple(TOPICS), [topic.share for topic in TOPICS.values()])
        topic = TOPICS[name]
        scene = self._scene(chance.choice(topic.triggers))
        title = chance.choice(TITLES).format(**scene.words)
        own = chance.sample(topic.sentences, chance.randint(4, min(9, len(topic.sentences))))
        told = [*own, *chance.sample(ANYWHERE, chance.randint(2, 5))]
        if chance.random() < ASIDE:  # an article on one thing speaks of another, too
            told.append(chance.choice(TOPICS[chance.choice(tuple(TOPICS))].sentences))
        chance.shuffle(told)
        told = [sentence.format(**scene.words) for sentence in told]
        body = "\n\n".join(" ".join(told[at : at + 3]) for at in range(0, len(told), 3))
        of = self._written(number, title[:1].upper() + title[1:], f"{body}\n\n{self._filler()}")
        return _read(of, name, topic, scene, is_event=chance.random() < 0.85, is_claim=chance.random() < 0.1)

    def _filler(self) -> str:
        """Names and places such as an article mentions by the way: words that few others have."""
        chance = self._chance
        people = [f"{chance.choice(self._given)} {chance.choice(self._family)}" for _ in range(chance.randint(4, 12))]
        places = [self._world.district(chance)["name"] for _ in range(chance.randint(3, 10))]
        return f"También se refirieron al tema {', '.join(people)}. Hay casos parecidos en {', '.join(places)}."

    def _scene(self, trigger: str) -> Scene:
        chance = self._chance
        district = self._world.district(chance)
        gang = self._world.gangs[int(len(self._world.gangs) * chance.random() ** 3)]
        business = self._world.businesses[int(len(self._world.businesses) * chance.random() ** 2)]
        method, amount = chance.choice(self._world.methods), chance.choice(AMOUNTS)
        person = f"{chance.choice(self._given)} {chance.choice(self._family)} {chance.choice(self._family)}"
        return Scene(
            words={
                "place": district["name"],
                "province": self._provinces[district["code"][:4]],
                "gang": gang["name"],
                "business": business["lemma"],
                "amount": f"{amount:,}".replace(",", " "),
                "person": person,
                "street": f"avenida {chance.choice(self._streets)}",
                "prison": chance.choice(self._prisons),
                "count": str(chance.randint(100, 3000)),
                "trigger": trigger,
            },
            values={
                "place": _place(district),
                "gang": Gang(name=gang["name"], id=gang["id"]),
                "business": Business(
                    type=business["lemma"],
                    category=business["category"],
                    ciiu=business["ciiu"],
                    role=BusinessRole.VICTIM,
                ),
                "amount": _soles(float(amount), chance.choice((None, MoneyPeriod.WEEK, MoneyPeriod.MONTH))),
                "method": Method(type=method["id"], facet=method["facet"]),
            },
        )

    def _written(self, number: int, title: str, body: str) -> Article:
        outlet = self._chance.choice(OUTLETS)
        published = FIRST + timedelta(seconds=number * 86_400 // PER_DAY)
        url = f"https://{outlet}.example/policiales/{published:%Y/%m/%d}/nota-{number}"
        return Article(
            id=article_id(url),
            outlet=outlet,
            url=url,
            title=title,
            body=body,
            section="policiales",
            published=published,
            published_raw=published.isoformat(),
            fetched=published,
            body_source=BodySource.FEED,
            content_hash=hash_of(text_of(title, body)),
        )


def documents(count: int, seed: int = 7) -> Iterator[Document]:
    """Articles, the oldest first."""
    press = Press(seed)
    return map(press.article, range(count))


def _place(row: dict[str, str]) -> Place:
    lat, lon = (float(row[part]) if row[part] else None for part in ("lat", "lon"))
    return Place(
        name=row["name"],
        ubigeo=row["code"],
        level=PlaceLevel.DISTRICT,
        lat=lat,
        lon=lon,
        precision=Precision.DISTRICT,
        role=PlaceRole.INCIDENT,
    )


def _soles(amount: float, period: MoneyPeriod | None) -> Money:
    return Money(
        min=amount,
        max=amount,
        currency="PEN",
        min_pen=amount,
        max_pen=amount,
        role=MoneyRole.DEMANDED,
        period=period,
    )


def _read(of: Article, crime: str, topic: Topic, scene: Scene, *, is_event: bool, is_claim: bool) -> Document:
    """The article with what a reading would find in it."""
    is_crime = topic.kind is not ArticleKind.OTHER
    mentions = tuple(sorted(_mentions(of.text, scene), key=lambda mention: mention.start))
    return Document(
        article=of,
        extraction=Extraction(
            text_hash=of.content_hash,
            published=of.published or FIRST,
            triage=Triage(
                relevant=is_crime,
                kind=topic.kind,
                score=0.9 if is_crime else 0.1,
                crime_types=(crime,) if is_crime else (),
            ),
            mentions=mentions,
            events=(_event(of, crime, scene, mentions),) if is_event and is_crime else (),
            claims=(_claim(of, scene),) if is_claim else (),
        ),
    )


def _mentions(text: str, scene: Scene) -> Iterator[Mention]:
    for name, label in _LABELS.items():
        word = scene.words[name]
        for start in islice(_found(text, word), 3):
            yield Mention(
                label=label,
                start=start,
                end=start + len(word),
                text=word,
                value=scene.values[name],
                source="press",
                score=0.9,
            )


def _found(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _event(of: Article, crime: str, scene: Scene, mentions: tuple[Mention, ...]) -> Event:
    told = {mention.label: mention for mention in reversed(mentions)}
    value = {name: scene.values[name] for name, label in _LABELS.items() if label in told}
    fields = {Label.PLACE: "place", Label.GANG: "gangs", Label.BUSINESS: "businesses", Label.MONEY: "money"}
    evidence = [
        Evidence(
            field=fields[label],
            index=0,
            start=mention.start,
            end=mention.end,
            text=mention.text,
            source="press",
            score=0.9,
        )
        for label, mention in told.items()
    ]
    day = (of.published or FIRST).date()
    trigger = scene.words["trigger"]
    at = max(of.text.lower().find(trigger), 0)
    evidence.append(
        Evidence(field="trigger", index=0, start=at, end=at + len(trigger), text=trigger, source="press", score=0.9)
    )
    return Event(
        id=hash_of(f"{of.id}{crime}")[:16],
        crime_type=crime,
        trigger=trigger,
        date=DateSpan(start=day, end=day),
        place=value.get("place"),  # type: ignore[arg-type]
        gangs=tuple(v for v in value.values() if isinstance(v, Gang)),
        businesses=tuple(v for v in value.values() if isinstance(v, Business)),
        money=tuple(v for v in value.values() if isinstance(v, Money)),
        methods=(scene.values["method"],),  # type: ignore[arg-type]
        evidence=tuple(evidence),
        score=0.8,
    )


def _claim(of: Article, scene: Scene) -> Claim:
    text = f"{scene.words['count']} denuncias"
    place = scene.values["place"]
    assert isinstance(place, Place)
    return Claim(
        id=hash_of(f"{of.id}claim")[:16],
        text=text,
        start=0,
        end=len(text),
        quantity_min=float(scene.words["count"]),
        quantity_max=float(scene.words["count"]),
        comparator=Comparator.EXACTLY,
        unit="denuncias",
        subject="extorsion",
        scope=place.ubigeo and place.ubigeo[:2],
        speaker="fiscalía",
    )
