using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Outerloop.Reporting;

/// <summary>
/// Markup. Whatever is put into a template, <c>Html.Of($"&lt;p&gt;{text}&lt;/p&gt;")</c>, is escaped unless it is markup itself, so
/// that no text of a task or a model can become a part of the page.
/// </summary>
public readonly record struct Html(string Markup)
{
    public static Html Of(Template template) => new(template.ToMarkup());

    public static Html Concat(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.Markup)));

    public override string ToString() => Markup;

    [InterpolatedStringHandler]
    public readonly struct Template(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _markup = new(literalLength + (16 * formattedCount));

        public void AppendLiteral(string literal) => _markup.Append(literal);

        public void AppendFormatted(Html markup) => _markup.Append(markup.Markup);

        public void AppendFormatted(string? text) => _markup.Append(HtmlEncoder.Default.Encode(text ?? ""));

        public void AppendFormatted(int number) => _markup.Append(number);

        public string ToMarkup() => _markup.ToString();
    }
}
