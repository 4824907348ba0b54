"""People: full names, what is none, roles and nicknames. All names are invented."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from nlp.recognizers.persons import ModelNames, People, find_persons
from nlp.recognizers.persons.aliases import aliases_of
from nlp.recognizers.persons.weighed import ROLES, likeliest
from nlp.types import Label, Person, PersonRole
from tests.nlp.marked import check, make_doc, parse_marked

CRIME = " La extorsión y el sicariato crecen; balearon a dos choferes."
"""Makes an article one about crime, so that roles other than authority are given."""

PEOPLE = [
    "El coronel PNP [Arístides Quillca Romaní](PERSON role=authority) informó del robo.",
    "La fiscal [Yovana Chuquihuanca](PERSON role=authority), de turno, pidió prisión.",
    "Habló [Benigno Torrelara Salas](PERSON role=authority), alcalde de la provincia.",
    "Cayó [Yeison Marticorena Vilca](PERSON role=suspect aliases=Zurdo) (24), alias ‘Zurdo’, con un arma.",
    "Detuvieron a [Kleber Ñahui Poma](PERSON role=suspect aliases=Tuerto|Pirata), (a) “Tuerto” o “Pirata”.",
    "Se trata de [Rosa Anchante Lúcar](PERSON role=suspect aliases=Nena) (31), ‘Nena’, y otros.",
    "Mataron a [Ciro del Carpio Mejía](PERSON role=victim) en su bodega.",
    # whom the head of a list calls dead or hurt is a victim, however many suspects stand around
    "Los fallecidos son [Ciro Poma Mejía](PERSON role=victim) (23), [Iván Lara Vilca](PERSON role=victim) (22) y [Rosa Anchante Lúcar](PERSON role=victim) (30).",
    "En el vehículo fallecieron dos mujeres, identificadas como [Rosa Anchante Lúcar](PERSON role=victim) y [Yovana Quillca Poma](PERSON role=victim).",
    "Entre los trabajadores asesinados figuran:\n- [Ciro Poma Mejía](PERSON role=victim)\n- [Iván Lara Vilca](PERSON role=victim).",
    "Los capturados por la muerte del chofer fueron identificados como [Ciro Poma Mejía](PERSON role=suspect) (23) y [Iván Lara Vilca](PERSON role=suspect) (22).",
    "El conductor [Iván de la Torre Ccahuana](PERSON role=victim), herido de bala, fue evacuado.",
    "“Ya no dormimos”, contó [Eduviges Poma Ticlla](PERSON role=witness), vecina del lugar.",
    "Condenaron a [Xavier Lara Poma](PERSON role=suspect) y [Eusebio Lara Paredes](PERSON role=suspect) por extorsión.",
    "Detuvieron a [Yolvinsky Luis Poma Vilca](PERSON role=suspect) con un arma.",
    "La víctima fue identificada como [Benigno Torrelara Salas](PERSON role=victim), empresario.",
    "Los detenidos fueron identificados como [Mario Poma Sánchez](PERSON role=suspect), "
    "[Luis Zumarán Rosado](PERSON role=suspect), [Percy Rojas Guevara](PERSON role=suspect), Jimi Neyra Zavaleta, "
    "[William Álvarez Contreras](PERSON role=suspect), Mercy Luján Gómez, [Gilberto Sánchez Pumayalla](PERSON role=suspect), "
    "[Franklin Alfaro Rodríguez](PERSON role=suspect), [Luis Quispe Meza](PERSON role=suspect) y [Roberto Herrera Cosal](PERSON role=suspect). \n\n"
    "Los miembros de la banda estarían implicados en el asesinato de choferes.",
    "Así lo afirmó el juez del Tercer Juzgado de Investigación Preparatoria Transitorio de la Corte Superior de Justicia del Callao, "
    "[Lolo Fernando Poma Vilca](PERSON role=authority).",
    "[Roxana Poma Vilca](PERSON role=suspect), responsable de administrar el dinero de las extorsiones, fue atrapada por la PNP.",
    "Dos amigos identificados como [Ciro Quillca](PERSON role=victim) y [Iván Poma](PERSON role=victim) fueron asesinados.",
    "Las víctimas fueron identificadas como [Eglin Yurimira Wombat Zacar](PERSON role=victim) (34) y su hijo.",
    "[Ciro Quillca Poma](PERSON role=victim aliases=Cangre), de 42 años, conocido por todos como “Cangre”, fue acribillado.",
    "El asesino, identificado como [Iván Poma Vilca](PERSON role=suspect), fue detenido tras la muerte de su padre.",
    "Cayeron [Ciro Quillca Poma](PERSON role=suspect) (34), [Iván Poma Vilca](PERSON role=suspect) (31), "
    "[Rosa Salas Lara](PERSON role=suspect) (22), [Ana Vilca Lara](PERSON role=suspect) (31) y [Luis Lara Poma](PERSON role=suspect) (24).",
    "El jefe de la Región Policial, [Iván Poma Vilca](PERSON role=authority), dijo que los capturados son sicarios.",
    "Hay 25 imputados, entre ellos el mayor PNP [Ciro Quillca Poma](PERSON role=suspect).",
    "Lo detuvo la sala que despacha la Dra. [Ana Vilca Lara](PERSON role=authority).",
    "Gobierna Acción Popular, cuyo líder [Ciro Quillca Poma](PERSON role=other) calló sobre la banda.",
    "El músico [Juan “Ruso” Vilca](PERSON role=victim aliases=Ruso) murió en el ataque.",
    "El fiscal supremo [Ciro Quillca Poma](PERSON role=authority) abrió una investigación contra [Iván Poma](PERSON role=suspect).",
    "La Policía intervino ayer en Ate al suboficial [Iván Poma Vilca](PERSON role=suspect).",
    "El gerente [Iván Poma Vilca](PERSON role=suspect) le había solicitado 9 mil soles por la obra.",
    "Se logró detener a [Ciro Quillca Poma](PERSON role=suspect) (18) y [Iván Poma Vilca](PERSON role=suspect) (26).",
    "Sicarios mataron ayer en Ate al mototaxista [Ciro Quillca Poma](PERSON role=victim aliases=Sapo), ‘Sapo’.",
    "Mataron a un minero en su casa. Se trata de [Ciro Quillca Poma](PERSON role=victim), de 33 años.",
    "La víctima, [Ciro Quillca Poma](PERSON role=victim), cobraba doce soles.",
    "Un plagiario, [Iván Poma Vilca](PERSON role=suspect), murió en el tiroteo.",
    "Frustraron el asalto a un grifo y detuvieron a tres sujetos. Se trata de [Ciro Quillca Poma](PERSON role=suspect) (31) e [Iván Poma Vilca](PERSON role=suspect) (27).",
    # who was in what the police stopped, and who was caught by others
    "Agentes de la Depincri interceptaron un auto gris. A bordo se encontraban [Ciro Quillca Poma](PERSON role=suspect) (31) e [Iván Poma Vilca](PERSON role=suspect) (27).",
    "La pasajera [Ana Vilca Lara](PERSON role=suspect) (39) quedó detenida.",
    "El agresor, [Ciro Quillca Poma](PERSON role=suspect), fue reducido por los pasajeros.",
    "Los ronderos redujeron a dos hombres. Son [Ciro Quillca Poma](PERSON role=suspect) e [Iván Poma Vilca](PERSON role=suspect).",
    # the dead with a nickname
    "Un hombre fue acribillado anoche en Ate. La Policía lo identificó como [Ciro Quillca Poma](PERSON role=victim aliases=Sapo), alias ‘Sapo’.",
    "El blanco, aseguran los agentes, era [Ciro Quillca Poma](PERSON role=victim aliases=Sapo), ‘Sapo’.",
    "Fue acribillado, delante de su pareja, [Ciro Quillca Poma](PERSON role=victim aliases=Sapo), alias ‘Sapo’.",
    "El agricultor, identificado como [Ciro Quillca Poma](PERSON role=victim) (58), desapareció el lunes.",
    # who holds an office of state, alone or in a list
    "La presidenta de la República, [Ana Vilca Lara](PERSON role=authority), los recibió con los ministros del Interior, [Iván Poma Vilca](PERSON role=authority); "
    "de la Producción, [Rosa Salas Lara](PERSON role=authority); y de Justicia, [Luis Lara Poma](PERSON role=authority).",
    "Lo anunció [Iván Poma Vilca](PERSON role=authority), ministro del Interior.",
    "Los heridos fueron identificados como el suboficial de 1.ª PNP [Ciro Quillca Poma](PERSON role=victim) y el suboficial de 2.ª PNP [Iván Poma Vilca](PERSON role=victim).",
    "El presidente de la asociación de panaderos, [Ciro Quillca Poma](PERSON role=other), denunció que pagan cupos.",
    "Los jueces que verán el caso son [Ciro Quillca Poma](PERSON role=authority) e [Iván Poma Vilca](PERSON role=authority).",
    "Lo ordenó el juez supremo provisional [Ciro Quillca Poma](PERSON role=authority).",
    "[Ciro Quillca Poma](PERSON role=authority), presidente del INPE, pidió que se investigue.",
    "El ministro del Interior acusó a [Ciro Quillca Poma](PERSON role=suspect) de liderar la banda.",
    "El exjefe de las Fuerzas Armadas [Nicolás Quillca Poma](PERSON role=suspect) fue condenado.",
    # the family, neighbours and teachers who tell
    "Su madre, [Ana Vilca Lara](PERSON role=witness), contó que el joven salía a trabajar.",
    "Así lo manifestó la profesora [Ana Vilca Lara](PERSON role=witness).",
    "La hermana de la víctima, [Ana Vilca Lara](PERSON role=witness), pidió justicia.",
    # what is told right after a name is told of it
    "Cayó la banda. El copiloto fue identificado como [Ciro Quillca Poma](PERSON role=victim), quien fue llevado de emergencia a una clínica.",
    "El calvario terminó de madrugada. Se trata de [Ciro Quillca Poma](PERSON role=victim) (51), quien fue privado de su libertad por tres sujetos.",
    "Condenaron a [Iván Poma Vilca](PERSON role=suspect) por el asesinato del dirigente [Ciro Quillca Poma](PERSON role=victim).",
    "Los arrestados han sido identificados como [Edwin Chávez Poma](PERSON role=suspect), [Ana Vilca Lara](PERSON role=suspect), [Rosa Salas Lara](PERSON role=suspect) e [Iván Poma Vilca](PERSON role=suspect) por el rapto.",
    "Detuvieron al asesino de [Rosa Salas Lara](PERSON role=victim).",
    "Habló [Ana Vilca Lara](PERSON role=other), hija de la víctima.",
    "Hubo allanamiento a la casa de [Ana Vilca Lara](PERSON role=other), dijeron.",
    "DICTAN PRISIÓN PREVENTIVA CONTRA [JUAN CARLOS SALAS QUISPE](PERSON role=suspect) EN LIMA NORTE.",
    "Un tal Zacary Wombat Ayala fue visto.[](NONE)",
    "[Zacary Wombat Ayala](PERSON) (33) fue visto.",
]

NONE = [
    "Chocó en el cruce de las avenidas Alfredo Mendiola y Carlos Izaguirre.[](NONE)",
    "Asaltaron el colegio José Antonio Encinas Franco.[](NONE)",
    "Asaltaron la institución educativa pública José Antonio Encinas Franco.[](NONE)",
    "Robo en la Prolongación César Vallejo Soto.[](NONE)",
    "Robo en el jirón Rosa Merino Salas y en la calle Juan Castro Silva.[](NONE)",
    "Santiago de Surco, San Juan de Miraflores y Santa Rosa de Quives.[](NONE)",
    "El Ministerio Público y la Policía Nacional allanaron el hospital.[](NONE)",
    "José Leonardo Ortiz y Víctor Larco Herrera están en emergencia.[](NONE)",
    "La empresa Juan Salas S.A.C. cerró.[](NONE)",
    "Juan Carlos y María no dieron su apellido.[](NONE)",
    # who signs
    "Cae banda en Ate\n\nJuan Carlos Salas Quispe\n\nLa Policía detuvo a dos sujetos.[](NONE)",
    "Cae banda en Ate\n\nPor: Juan Carlos Salas Quispe\n\nLa Policía detuvo a dos sujetos.[](NONE)",
    "[](NONE)",
]


@pytest.mark.parametrize("marked", PEOPLE)
def test_people_of_a_crime_report(marked: str) -> None:
    marked += CRIME
    text, _ = parse_marked(marked)
    check(marked, text, make_doc(text, "person_recognizer")._.mentions or [])


@pytest.mark.parametrize("marked", NONE)
def test_what_is_nobody(marked: str) -> None:
    text, _ = parse_marked(marked)
    check(marked, text, make_doc(text, "person_recognizer")._.mentions or [])


@pytest.mark.parametrize(
    "said",
    [
        "Reveló el presidente de la federación, Ciro Quillca Poma, que pagan.",
        "“Pagan a diario”, refiere a este diario Ciro Quillca Poma, secretario general de la federación.",
        "Ciro Quillca Poma, vocero de la federación, advierte que pagan.",
    ],
)
def test_who_only_speaks_is_no_victim(said: str) -> None:
    text = f"Extorsionan a mototaxistas. Queman sus motos. {said}"
    (person,) = make_doc(text, "person_recognizer")._.mentions or []
    assert isinstance(person.value, Person)
    assert person.value.role is not PersonRole.VICTIM


@pytest.mark.parametrize(
    ("told", "role"),
    [("Mataron a", PersonRole.VICTIM), ("Detuvieron a", PersonRole.SUSPECT), ("Felicitó a", PersonRole.OTHER)],
)
def test_whom_another_saw_plays_the_part_that_the_words_tell(told: str, role: PersonRole) -> None:
    text = f"{told} Wombat Zacar.{CRIME}"
    start = text.index("Wombat")
    person = People(make_doc(text, "person_recognizer")).at(start, start + len("Wombat Zacar"))
    assert person == Person(name="Wombat Zacar", role=role, aliases=())


def test_a_source_of_whose_harm_nothing_is_said_is_spared() -> None:
    share = np.array(
        [0.6 if role is PersonRole.VICTIM else 0.3 if role is PersonRole.OTHER else 0.05 for role in ROLES]
    )
    assert likeliest(share, {"bias": 1.0}) is PersonRole.VICTIM
    assert likeliest(share, {"source": 1.0}) is PersonRole.OTHER
    assert likeliest(share, {"source": 1.0, "cue:victim": 0.4}) is PersonRole.VICTIM
    accused = np.array(
        [0.6 if role is PersonRole.SUSPECT else 0.3 if role is PersonRole.OTHER else 0.05 for role in ROLES]
    )
    assert likeliest(accused, {"source": 1.0}) is PersonRole.OTHER
    assert likeliest(accused, {"source": 1.0, "cue:suspect": 0.4}) is PersonRole.SUSPECT


def test_without_crime_nobody_is_a_suspect_or_a_victim() -> None:
    marked = "Marcó el gol [Ciro Quillca Poma](PERSON role=other) y habló la ministra [Ana Vilca Poma](PERSON role=authority)."
    text, _ = parse_marked(marked)
    check(marked, text, make_doc(text, "person_recognizer")._.mentions or [])


def test_names_one_below_the_other_are_no_signatures() -> None:
    text = "Los fallecidos son:\nCiro Quillca Poma\nIván Poma Vilca\nRosa Salas Lara\n"
    assert len(make_doc(text, "person_recognizer")._.mentions or []) == 3


def test_places_found_before_are_respected() -> None:
    text = "Lo dijo el exalcalde de Julcán Ciro Quillca Poma."
    doc = make_doc(text, "place_recognizer", "person_recognizer")
    assert [mention.text for mention in doc._.mentions or []] == ["Julcán", "Ciro Quillca Poma"]
    text = "Hubo fiesta en Rosa Maravillas. Saludó Rosa Maravillas."
    doc = make_doc(text)
    from nlp.types import Mention, Place

    doc._.mentions = [
        Mention(label=Label.PLACE, start=15, end=30, text=text[15:30], value=Place(name="x"), source="t", score=1)
    ]
    assert [mention.start for mention in find_persons(doc, lambda *_: True)] == [39]


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("Ayer declaró Franco Wamaraki, que vende fruta.", ["Franco Wamaraki"], ["Franco Wamaraki"]),
        ("Cerró la panadería Dulce Hogareña del barrio.", ["Dulce Hogareña"], []),
        ("Ayer declaró Benigno Torrelara, que vende fruta.", [], ["Benigno Torrelara"]),
    ],
)
def test_the_model_is_asked_where_the_rules_cannot_tell(
    nlp: Language, text: str, asked: list[str], found: list[str]
) -> None:
    doc = make_doc(text)
    model, questions = ModelNames(nlp), []

    def sees_person(doc: Doc, start: int, end: int) -> bool:
        questions.append(doc.text[start:end])
        return model(doc, start, end)

    assert [mention.text for mention in find_persons(doc, sees_person)] == found
    assert questions == asked


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (", alias ‘Chato’,", ("Chato",)),
        (" (29), alias “El Gato” y “Michi”", ("El Gato", "Michi")),
        (", de 25 años, conocido como ‘Pelao’", ("Pelao",)),
        (" (a) Loco Manuel", ("Loco Manuel",)),
        (", apodado «Chino»", ("Chino",)),
        (" (25, ‘Cachetón’)", ("Cachetón",)),
        (", “no sé nada”, dijo", ()),
        (", ‘Los Zarpazos’", ()),
        (", de 30, alias “Parcero”", ("Parcero",)),
        (" fue detenido", ()),
    ],
)
def test_nicknames(after: str, found: tuple[str, ...]) -> None:
    assert aliases_of("Juan Poma" + after, 0, 9) == found


def test_a_nickname_may_stand_before() -> None:
    text = "alias ‘Chato’, identificado como Juan Poma"
    assert aliases_of(text, text.index("Juan"), len(text)) == ("Chato",)


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "Juan ",
                "Poma ",
                "de la ",
                "y ",
                "(25) ",
                "alias ",
                "‘Chato’ ",
                "coronel ",
                "San ",
                ". ",
                "J. ",
                "ñandú ",
                "İ",
            ]
        ),
        max_size=40,
    ).map("".join)
    | st.text(max_size=200)
)
def test_any_text_is_read(text: str) -> None:
    for mention in make_doc(text, "person_recognizer")._.mentions or []:
        assert text[mention.start : mention.end] == mention.text
        assert len(mention.text.split()) >= 2
