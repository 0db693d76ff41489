using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Outerloop.Reporting;

/// <summary>What a report is made of, beside its figures: embedded in the library when it was built.</summary>
public static class ReportAssets
{
    private static readonly Assembly Library = typeof(ReportAssets).Assembly;

    /// <summary>The libraries that draw, in the order in which they are loaded; empty where Node was absent at the build.</summary>
    public static ImmutableArray<string> Libraries { get; } =
        [.. from name in (string[])["vega", "vega-lite", "vega-embed"] let text = Find($"libraries/{name}.js") where text is not null select text];

    /// <summary>The licences of those libraries, which go where they go.</summary>
    public static ImmutableArray<(string Name, string Text)> Licences { get; } =
        [.. from name in (string[])["vega", "vega-lite", "vega-embed"] let text = Find($"libraries/{name}.licence") where text is not null select (name, text)];

    public static string Style { get; } = Required("report.css");

    /// <summary>How charts are drawn and saved, then what does so with a report's.</summary>
    public static string Script { get; } = Required("chart.js") + Required("report.js");

    public static JsonElement Themes { get; } = Parse("theme.json");

    /// <summary>The Vega-Lite specification of a name, without data.</summary>
    public static JsonElement Specification(string name) => Parse($"specs/{name}.vl.json");

    /// <summary>What a content security policy allows a text by.</summary>
    public static string HashOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static JsonElement Parse(string name)
    {
        using var document = JsonDocument.Parse(Required(name));
        return document.RootElement.Clone();
    }

    private static string Required(string name) => Find(name) ?? throw new InvalidOperationException($"the library was built without {name}");

    /// <summary>
    /// The text of a file, with line ends as a browser reads them, so that hashes agree: <c>chart.js</c>, <c>theme.json</c>,
    /// <c>specs/NAME.vl.json</c>, <c>libraries/NAME.js</c>.
    /// </summary>
    /// <returns>Null if there is none of this name.</returns>
    public static string? Find(string name)
    {
        using Stream? stream = Library.GetManifestResourceStream($"report/{name}");
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
