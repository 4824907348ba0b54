"""Canonical text: what is kept, what is cut, and what holds for any input."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.outlet import Outlet
from scrapers.text import clean, html_to_text, one_line, read_html, read_text
from tests.newsroom.content import annotated
from tests.scrapers.pages_read import ANY, outlet

LONG = "Los vecinos contaron que los extorsionadores llegaron en dos motos lineales a la medianoche."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("Hola, Comas.", "Hola, Comas."),
        ("<p>Uno.</p><p>Dos.</p>", "Uno.\n\nDos."),
        ("<p> Uno \n dos&nbsp;tres\u2003cuatro </p>", "Uno dos tres cuatro"),
        ("<div>Uno.<div>Dos.</div>Tres.</div>", "Uno.\n\nDos.\n\nTres."),
        ("<p>Pagó <b>S/ 500</b>, dijo <i>la <a href='/x'>PNP</a></i>.</p>", "Pagó S/ 500, dijo la PNP."),
        ("<h2>EL OTRO CASO</h2><p>Dos.</p>", "EL OTRO CASO\n\nDos."),
        ("<ul><li>Uno en Ate</li><li>Dos en Comas</li></ul>", "Uno en Ate\n\nDos en Comas"),
        ("<p>Uno.<br>Dos</p>", "Uno.\n\nDos"),
        ("<p>Uno<br><br/>Dos</p>", "Uno\n\nDos"),
        ("<p>Un verso<br>y otro</p>", "Un verso y otro"),
        ("<p><strong>EL OTRO CASO</strong><br>Dos.</p>", "EL OTRO CASO\n\nDos."),
        ("<p>Dijo <q>no pagaré</q> y cerró.</p>", "Dijo no pagaré y cerró."),
        ("<p>Cobra&ccedil;a, &quot;cupos&quot; &amp; &#191;m&aacute;s?</p>", 'Cobraça, "cupos" & ¿más?'),
        ("<p>5 < 6 soles</p>", "5 < 6 soles"),
        ("pagó 5 < 6 &lt; 7", "pagó 5 < 6 < 7"),
        ("<p>San Marti\u0301n</p>", "San Martín"),
        ("<p>Los\u200b Pul\u00adpos\u202e\ufeff</p>", "Los Pulpos"),
        ("<p>a\x00b\x07c\ud800d\ue000e</p>", "abcde"),
        ("<p>Uno.<!-- no --></p><script>no()</script><style>p{}</style><p>Dos.</p>", "Uno.\n\nDos."),
        ("<table><tr><td><p>Uno, la maqueta de una tabla que lleva el texto entero de la nota dentro de sus celdas.</p></td></tr></table>",
         "Uno, la maqueta de una tabla que lleva el texto entero de la nota dentro de sus celdas."),
        ("<p>Uno.</p><table><tr><th>Distrito</th><th>Casos</th></tr><tr><td>Ate</td><td>12</td></tr></table><p>Dos.</p>", "Uno.\n\nDos."),
        ("<html><head><title>No</title></head><body><p>Uno.</p></body></html>", "Uno."),
        ("<p>Uno.<p>Dos.<div>Tres.", "Uno.\n\nDos.\n\nTres."),
        ("&lt;p&gt;Uno.&lt;/p&gt;&lt;p class=&quot;x&quot;&gt;Dos &amp;amp; tres.&lt;/p&gt;", "Uno.\n\nDos & tres."),
        (f"<p><a href='/x'>{LONG}</a></p>", LONG),
        ("<form><p>La página entera está en un formulario.</p></form>", "La página entera está en un formulario."),
    ],
)  # fmt: skip
def test_markup(markup: str, text: str) -> None:
    assert html_to_text(markup, ANY) == text


@pytest.mark.parametrize(
    "noise",
    [
        '<q>LEE: <a href="/x">Otra nota del día</a></q>',
        "<q>LEE TAMBIÉN: Las cinco noticias que debes conocer hoy</q>",
        "<q>MÁS: Cinco claves del caso</q>",
        "<p>Lee también | Otra nota del día</p>",
        "<p>➡️ <b>LEA TAMBIÉN</b> Otra nota</p>",
        "<p>[Lea también: <a href='/x'>Otra nota</a>]</p>",
        "<blockquote class='wp-block-quote'><p><strong>PUEDES VER: </strong><a href='/x'>Otra nota</a></p></blockquote>",
        "<p>TE PUEDE INTERESAR: Otra nota</p>",
        "<p>Te sugerimos: otra nota</p>",
        "<h2><mark class='hl_yellow'><u><b>VIDEO RECOMENDADO</b></u></mark></h2>",
        "<h3>Más sobre: extorsión</h3>",
        "<p>NEWSLETTER</p>",
        "<p>Suscríbete a nuestro boletín y recibe las noticias en tu correo.</p>",
        "<p>Únete a nuestro canal de WhatsApp</p>",
        "<ul><li><a href='/a'>Una nota relacionada</a></li><li><a href='/b'>Otra</a></li></ul>",
        "<h2><a href='/a'>El titular de otra nota</a></h2>",
        "<p>Leer resumen</p>",
        "<p>Esta funcionalidad es sólo para suscriptores</p>",
        "<p>SIGUIENTE NOTA</p>",
        "<p>Foto: PNP</p>",
        "<p>(Foto: Andina/Difusión)</p>",
        "<figure><img src='x'><figcaption>El local atacado</figcaption></figure>",
        "<div class='wp-caption'><p class='wp-caption-text'>El local atacado</p></div>",
        "<blockquote class='twitter-tweet'><p>Un mensaje</p>&mdash; Cuenta (@cuenta)</blockquote>",
        "<div class='td-related-title related-posts'><p>Un texto de otra nota</p></div>",
        "<div class='gray-media'><p>EP232 | INFORMES</p><p>00:00 · 01:47</p></div>",
        "<p>La entrada <a href='/x'>Comas: una nota</a> se publicó primero en <a href='/'>Diario</a>.</p>",
        "<p>The post <a href='/x'>Comas</a> appeared first on <a href='/'>Diario</a>.</p>",
        "<p>por Redacción RPP</p>",
        "<p>Por Agencia EFE</p>",
        "<p>Más información policial en Diario.pe</p>",
        "<p>Reportar error</p>",
        "<p>Tu navegador no soporta este video.</p>",
        "<p><em>Los detenidos en la sede de la Dirincri. | Fuente: PNP</em></p>",
        "<p>Los detenidos en la sede de la Dirincri (Foto: Andina).</p>",
        "<p>11:32 | Lima, oct. 14.</p>",
        "<p>Publicado: 14 de octubre del 2025 - 11:32 a. m.</p>",
        "<p>https://diario.pe/x</p>",
        "<p>* * *</p>",
        "<p>© 2025 Diario. Todos los derechos reservados</p>",
        "<p>NOTA EN DESARROLLO</p>",
        "<p>Todas las noticias en tu celular ¡Únete aquí a nuestro canal de WhatsApp!</p>",
        "<p>Newsletter Al cierre Dos voces que cuentan el día en cinco minutos, de lunes a viernes.</p>",
        "<p>Sigue a Diario de Prueba en Google News</p>",
        "<p>Sigue nuestro canal de WhatsApp y entérate primero.</p>",
        "<p>Recuerda que puedes seguirnos en nuestras redes.</p>",
        "<p>¿Tienes una denuncia? Escríbenos al WhatsApp 999 999 999.</p>",
        "<p>Si valoras nuestro contenido, hazte socio de la comunidad.</p>",
        "<p>Mantente informado con las noticias de la región.</p>",
        "<p>Este sitio utiliza cookies propias y de terceros.</p>",
        "<p>Contenido Sugerido</p><p>CONTENIDO GEC</p>",
        "<p>Esto le podría interesar: Otra nota del día</p>",
        "<p>¿Te interesa? Otra nota del día (II)</p>",
        "<p>TE RECOMENDAMOS</p><p>EL CUENTO DEL DÍA Y OTRAS HISTORIAS | UN PROGRAMA CON SU CONDUCTORA</p>",
        "<p>LEE TAMBIÉN:</p><p>Con ojo crítico: el barrio sin luz</p><p>Con ojo crítico: policías a dieta</p><p>HAY MÁS...</p>",
        "<h3>Lo más visto</h3><p>Paro de choferes: lo que se sabe hoy, 14 de enero</p><a href='/x'>LEER MÁS</a><p>Lima celebra su aniversario con feria</p>",
        "<p>Al cierre: podcast de Diario de Prueba</p>",
        "<p>Puedes mirar la entrevista completa aquí:</p>",
        "<p>Bachiller en Periodismo por la Universidad del Barrio. Especializada en la cobertura de notas policiales.</p>",
        "<p>Periodista con diez años de experiencia en prensa escrita y digital.</p>",
        "<p>Escribe: Lucía Paz</p>",
        "<p>Redacción Regiones</p>",
        "<p>@cuenta_del_diario</p>",
        "<p>Facebook Twitter WhatsApp LinkedIn</p>",
        "<p>Share on facebook</p>",
        "<p>14/10/2025 / Diario de Prueba / Actualidad</p>",
        "<p>Inicio » Policiales</p>",
        "<p>0 comentarios</p>",
        "<p>Diario de Prueba • Aplicaciones móviles • Términos y Condiciones</p>",
        "<p>Acusados. Los tres detenidos en la sede policial. Foto: difusión</p>",
        "<p>Los tres detenidos en la sede policial | Foto cortesía: la emisora</p>",
        "<p>Los tres detenidos en la sede policial. | Difusión | Composición</p>",
        "<p>#Lima🚨 | Agentes detuvieron a un sujeto en el parque.… pic.twitter.com/Ab1Cd2</p><p>— Cuenta del Barrio (@cuenta) October 10, 2025</p>",
        "<p>Un mensaje cualquiera sobre el caso del día. — Cuenta del Barrio (@cuenta) 10 de octubre de 2025</p>",
        "<div style='display: none'><p>Esta nota es para quien paga.</p></div>",
        "<div hidden><p>¡Gracias! Tu reporte fue enviado.</p></div>",
        "<div class='author-bio'><p>Cubre temas de seguridad desde hace años.</p></div>",
        "<div class='ez-toc-container'><p>Contenido</p><p>Los hechos y lo que sigue</p></div>",
        "<div>" + "<div class='c'><h3><a href='/x'>Otra nota</a></h3><p>El resumen de otra nota, entero.</p></div>" * 2 + "</div>",
        "<ul>" + "<li><a href='/x'><h4>Otra nota</h4></a><span>Hace dos horas, en Comas.</span></li>" * 3 + "</ul>",
    ],
)  # fmt: skip
def test_noise_is_cut(noise: str) -> None:
    assert html_to_text(
        f"<p>{LONG}</p>{noise}<p>El final, de nuevo sobre las motos lineales de la medianoche.</p>", ANY
    ) == (f"{LONG}\n\nEl final, de nuevo sobre las motos lineales de la medianoche.")


@pytest.mark.parametrize(
    "line",
    [
        "Más de 500 bodegas cerraron este año, según el gremio.",
        "Más información no dio la Policía, que guarda reserva.",
        "Ver para creer, dijo el comerciante al mostrar las balas.",
        "Mira lo que te hicimos, le escribieron por WhatsApp.",
        "Recibe amenazas por WhatsApp desde hace un mes: “paga o mueres”.",
        "Te recomendamos no denunciar, decía el mensaje de los extorsionadores.",
        "Además, le exigieron S/ 500 semanales por la línea de mototaxis.",
        "Aquí matan por no pagar cupo, reclamó una dirigente.",
        "Video de la cámara de un vecino muestra a dos sujetos en moto.",
        "Fotos de sus hijos acompañaban cada mensaje.",
        "Comparte el temor con otros cuarenta dueños de bodegas.",
        "Lee mensajes de amenaza cada mañana, dice su esposa.",
        "En vivo y en directo, el alcalde pidió el estado de emergencia.",
        "Puedes ver los agujeros en la puerta, dijo un vecino.",
        "¿QUIÉNES SON LOS PULPOS?",
        "LOS MONTOS",
        "Siga pagando, amenazaron a las 10:30.",
        "El 14 de octubre de 2025 fue el primer pago.",
        "Periodista con diez años de experiencia fue asesinado en la puerta de su radio.",
        "Licenciada en Derecho, la víctima denunció con pruebas que le pedían S/ 5 mil. Con ella son cinco.",
        "Sigue en pie de guerra el comercio de Gamarra, que paga cupos en grupo.",
        "Mantente alejado de la ventana, le escribieron por WhatsApp.",
        "Contenido de los mensajes: “paga o mueres”, según el acta.",
        "Lo último que dijo fue que no pagaría.",
        "Escribe todos los días a la Policía y nadie le responde.",
        "Home Center de la zona fue el blanco: cinco balazos en la puerta.",
        "Tienes una semana para pagar o quemamos tu mototaxi con todo, decía la nota.",
        "El préstamo gota a gota no tenía términos y condiciones, dijo la víctima, y pagó el triple.",
        "Texto: “Sabemos dónde vives”, decía el mensaje.",
        "La cuenta @ElBarrio_Ate publicó el video del ataque.",
    ],
)
def test_running_text_that_begins_like_noise_stays(line: str) -> None:
    assert clean(line, ANY) == line
    assert html_to_text(f"<p>{LONG}</p><p>{line}</p>", ANY) == f"{LONG}\n\n{line}"


@pytest.mark.parametrize(
    ("paragraph", "without"),
    [
        ("La niña murió (Lea también: Cae banda en Ate (VIDEO)) en el hospital.", "La niña murió en el hospital."),
        ("Lo dijo ayer.[Lee más | Cinco claves] Y hoy, otra vez.", "Lo dijo ayer. Y hoy, otra vez."),
        ("Pagó dos veces (te puede interesar: Los cupos, en cifras).", "Pagó dos veces."),
        ("Pagó (lea también lo que firmó) dos veces.", "Pagó (lea también lo que firmó) dos veces."),
        ("Cayó ‘Goyo’ (29), ver más: nada.", "Cayó ‘Goyo’ (29), ver más: nada."),
        ("Pagó dos veces. LEE TAMBIÉN: Los cupos en cifras del año", "Pagó dos veces."),
        ("“No pagaré”, dijo. Lea también: Los cupos en cifras", "“No pagaré”, dijo."),
        ("Pagó y se fue MIRA: Los cupos en cifras del año", "Pagó y se fue"),
        ("Pagó. MIRA: Los cupos en cifras. Después volvió.", "Pagó. MIRA: Los cupos en cifras. Después volvió."),
        ("La nota decía: mira también: sabemos dónde vives", "La nota decía: mira también: sabemos dónde vives"),
        ('[caption id="a_1" width="600"] Los detenidos [/caption] Fueron tres.', "Fueron tres."),
        ("[vc_row][vc_column_text css=x]Fueron tres.[/vc_column_text][/vc_row]", "Fueron tres."),
        ("Dijo que [el alcalde] pagó [sic] dos veces.", "Dijo que [el alcalde] pagó [sic] dos veces."),
    ],
)
def test_links_in_brackets_are_no_part_of_their_paragraph(paragraph: str, without: str) -> None:
    assert clean(paragraph, ANY) == without
    assert html_to_text(f"<p>{paragraph}</p>", ANY) == without


@pytest.mark.parametrize(
    "part",
    [
        "<div class='c'><h3>Comas, {0}</h3><p>Un hecho de la noche, el {0}.</p></div>",
        "<article><h3><a href='#hora'>Comas, {0}</a></h3><p>Un hecho de la noche, el {0}.</p></article>",
        f"<section><h3><a href='/ley'>Comas, {{0}}</a></h3><p>Un hecho de la noche, el {{0}}.</p><p>{LONG * 6}</p></section>",
    ],
    ids=["no link", "link within the page", "long"],
)
def test_parts_of_an_article_that_look_like_cards_stay(part: str) -> None:
    text = html_to_text(f"<div><p>{LONG}</p>{part.format('primero')}{part.format('segundo')}</div>", ANY)
    assert [word in text for word in ("el primero.", "el segundo.")] == [True, True]


def test_headings_and_sentences_below_a_label_stay() -> None:
    label = "<p>LEE TAMBIÉN</p><p><a href='/x'>El titular de otra nota del día</a></p>"
    text = f"<h2>Así cayó la banda del mercado de Comas</h2><p>{LONG}</p>"
    assert html_to_text(label + text, ANY) == f"Así cayó la banda del mercado de Comas\n\n{LONG}"


def test_text_that_opens_by_a_click_is_read() -> None:
    rest = f"{LONG} " * 4
    assert html_to_text(f"<p>Uno.</p><div style='display:none'><p>{rest}</p></div>", ANY) == f"Uno.\n\n{rest.strip()}"


@pytest.mark.parametrize(
    ("its", "markup", "text"),
    [
        (outlet(cut_after=r"\(FIN\)"), "<div>Uno.</div><div>Dos. (FIN) NDP/ABC</div><div>JRA</div>", "Uno.\n\nDos."),
        (outlet(noise=(r"^Informe Correo",)), "<p>Uno.</p><p>INFORME CORREO de hoy</p>", "Uno."),
        (
            outlet(remove=(".card",)),
            "<p>Uno.</p><div class='card'><p>Otra nota.</p></div>tras<p>Dos.</p>",
            "Uno.\n\ntras\n\nDos.",
        ),
    ],
)
def test_outlet_has_its_own_noise(its: Outlet, markup: str, text: str) -> None:
    assert html_to_text(markup, its) == text


def test_paragraph_said_twice_is_kept_once() -> None:
    assert (
        html_to_text(f"<p>{LONG}</p><p>Sí.</p><p>{LONG.upper()}</p><p>No.</p><p>Sí.</p><p>Sí.</p>", ANY)
        == f"{LONG}\n\nSí.\n\nNo.\n\nSí."
    )


@pytest.mark.parametrize("order", [1, -1])
def test_a_quotation_that_is_printed_once_more_by_itself_is_kept_in_its_place(order: int) -> None:
    said = "Me escribieron por WhatsApp: quieren quince mil de entrada y quinientos cada semana"
    parts = [f"“{said}. No pensamos pagar”, contó la dueña.", f"“{said}”"]
    assert clean("\n\n".join(parts[::order]), ANY) == parts[0]
    assert clean("\n\n".join([parts[1], f"{said}."]), ANY) == f"{said}."


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Uno.\nDos.", "Uno.\n\nDos."),
        ("Uno.\r\n\r\nDos.\r\n", "Uno.\n\nDos."),
        (f"{LONG[:-1]}\ny se fueron.\n\nDos.", f"{LONG[:-1]} y se fueron.\n\nDos."),
        ("EL OTRO CASO\nUn hombre pagó.\n\nDos.", "EL OTRO CASO\n\nUn hombre pagó.\n\nDos."),
        ("Uno.\u2028Dos.\x0bTres.", "Uno.\n\nDos.\n\nTres."),
    ],
)
def test_plain_text(text: str, canonical: str) -> None:
    assert clean(text, ANY) == canonical


@pytest.mark.parametrize(
    ("end", "unfinished", "truncated"),
    [
        ("<p>Fin.</p>", False, False),
        ("<p>NOTA EN DESARROLLO</p>", True, False),
        ("<p><b>Noticia en desarrollo...</b></p>", True, True),
        ("<p>En breve más información.</p>", True, False),
        ("<p>El proyecto sigue en desarrollo, dijo.</p>", False, False),
        ("<p>La Policía sigue [&#8230;]</p>", False, True),
        ("<p>La Policía sigue...</p>", False, True),
        ("<p>Seguir leyendo</p>", False, True),
        ("<a href='/x'>Leer más »</a>", False, True),
        ("<p>Dijo: “no sé…”</p>", False, False),
    ],
)
def test_what_the_outlet_says_beside_the_text(end: str, unfinished: bool, truncated: bool) -> None:
    reading = read_html(f"<p>{LONG}</p>{end}", ANY)
    assert (reading.unfinished, reading.truncated) == (unfinished, truncated)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (None, ""),
        (" Una\n nota ", "Una nota"),
        ("<b>Una</b> nota", "Una nota"),
        ("Una &amp; otra &quot;nota&quot;", 'Una & otra "nota"'),
        ("S/ 5 < S/ 6", "S/ 5 < S/ 6"),
        ("[31mrojo\x1b[0m\r\nINFO falso", "[31mrojo[0m INFO falso"),
    ],
)
def test_one_line(raw: str | None, line: str) -> None:
    assert one_line(raw) == line


@pytest.mark.parametrize("article", annotated(), ids=lambda article: str(article["id"]))
def test_articles_of_the_press_lose_nothing_but_promotions(article: dict[str, str]) -> None:
    promotions = ("LEE TAMBIÉN:", "TE PUEDE INTERESAR:", "Mira también:")
    lines = [line.strip() for line in article["body"].split("\n") if line.strip() and not line.startswith(promotions)]
    assert clean(article["body"], ANY) == "\n\n".join(lines)
    assert html_to_text("".join(f"<p>{line}</p>" for line in lines), ANY) == "\n\n".join(lines)


# --- any input

TAGS = [
    "p",
    "div",
    "br",
    "b",
    "a",
    "q",
    "li",
    "ul",
    "h2",
    "blockquote",
    "script",
    "table",
    "tr",
    "td",
    "figure",
    "form",
    "x-y",
]
PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(["<p class='related'>", "<a href='/x'>", "&nbsp;", "&#0;", "&#xD800;", "<!--", "-->", "<![CDATA[", "\n\n", "LEE:", "(FIN)"]),
)  # fmt: skip
MARKUP = st.lists(PIECES, max_size=25).map("".join)
HARD = outlet(cut_after=r"\(FIN\)", noise=("^INFORME",), remove=("blockquote", ".card"))


@given(st.one_of(MARKUP, st.text()), st.sampled_from([ANY, HARD]))
def test_any_markup_gives_canonical_text(markup: str, its: Outlet) -> None:
    text = html_to_text(markup, its)
    assert clean(text, its) == text
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert text.encode().decode() == text
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Co"} for char in text if char != "\n")
    assert all(part and part == " ".join(part.split()) for part in text.split("\n\n") if text)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\n\n \r.:”")), max_size=200))
def test_clean_is_idempotent(text: str) -> None:
    once = read_text(text, HARD)
    assert read_text(once.text, HARD).text == once.text


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 20_000 + "x",
        "<b>" * 20_000 + "x",
        "<p>" + "a" * 1_000_000,
        "<p>" + "<a " * 50_000,
        "&" * 300_000,
        "<p>" + "1 de enero de " * 20_000,
        "<br>" * 50_000,
        "<!--" * 50_000,
        "<table><tr><td>" * 3_000 + "x",
        "[" * 200_000,
        "\n" * 500_000,
        "LEE " * 100_000,
        "<div><h3><a href='/x'>El titular de otra nota</a></h3></div>" * 20_000,
        "<p style='display:none'>x</p>" * 30_000,
        "<p>" + "(lea también: " * 30_000,
        "<p>" + "[caption x]" * 30_000,
    ],
    ids=lambda markup: markup[:12].strip() or "newlines",
)
def test_hostile_markup_ends(markup: str) -> None:
    assert isinstance(html_to_text(markup, HARD), str)
