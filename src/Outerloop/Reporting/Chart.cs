namespace Outerloop.Reporting;

/// <summary>One figure of a report.</summary>
/// <param name="Id">Unique in the report; the name of its files.</param>
/// <param name="Alternative">What the picture shows, in words with figures, for those who do not see it.</param>
/// <param name="Note">How to read it.</param>
/// <param name="Specification">The Vega-Lite specification's file name, without its extension.</param>
public sealed record Chart(string Id, string Title, string Alternative, string Note, string Specification, ChartTable Table);
