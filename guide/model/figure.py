"""The words of key figures: what a figure is called, what it means, and what it is for."""

from __future__ import annotations

from pydantic import Field

from guide.model.words import Id, Line, Text, Word


class KeyFigure(Word):
    """A key figure (*nøgletal*) as readers meet it; what is counted is in `guide/statistics/tables.py`."""

    title: Line = Field(description="Hvad nøgletallet hedder, fx «Hvad forløbene endte i».")
    table: Id = Field(description="Den tabel, det står i, fx level.")
    theme: Line = Field(description="Temaet i publikationen.")
    definition: Text = Field(description="Præcis hvad der er talt, i hvilken periode, og for hvem.")
    never: Text = Field(description="Hvad tallet ikke må bruges til.")
    discuss: tuple[Line, ...] = Field(min_length=2, description="Spørgsmål til drøftelse, mindst to.")
    act: tuple[Text, ...] = Field(min_length=1, description="Hvad man kan gøre ved det.")
    source: Text = Field(description="Kilden til det, der ikke er vores egne tal.")


class KeyFigureList(Word):
    """registers/figures.yaml."""

    figures: dict[Id, KeyFigure] = Field(min_length=1, description="Nøgletal efter id.")
